// What the theme leaves out for those who use a keyboard or a screen reader.

// What scrolls sideways can be reached by keyboard, and says what it is.
function reachWhatScrolls() {
  document.querySelectorAll("pre > code, .md-typeset__scrollwrap").forEach((place) => {
    if (place.scrollWidth > place.clientWidth) {
      place.setAttribute("tabindex", "0");
      place.setAttribute("role", "group");
      place.setAttribute("aria-label", place.matches("code") ? "Code" : "Table");
    } else {
      ["tabindex", "role", "aria-label"].forEach((name) => place.removeAttribute(name));
    }
  });
}

// Every part of the contents goes by its title, and the search has a name.
function nameParts() {
  document.querySelectorAll("nav.md-nav[aria-labelledby]").forEach((part) => {
    const title = part.querySelector(":scope > .md-nav__title");
    if (title) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", title.textContent.trim());
    }
  });
  document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
}

addEventListener("load", () => {
  nameParts();
  reachWhatScrolls();
});
addEventListener("resize", reachWhatScrolls);
