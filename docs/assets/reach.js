// What scrolls sideways can be reached by keyboard and has a name, as WCAG 2.1.1 asks.
function reach() {
  const places = document.querySelectorAll("pre > code, .md-typeset__scrollwrap, .md-typeset pre");
  places.forEach((place) => {
    const scrolls = place.scrollWidth > place.clientWidth;
    if (!scrolls) {
      if (place.dataset.reach) ["tabindex", "role", "aria-label"].forEach((name) => place.removeAttribute(name));
      return;
    }
    place.dataset.reach = "yes";
    place.setAttribute("tabindex", "0");
    place.setAttribute("role", "region");
    place.setAttribute("aria-label", place.matches("pre, code") ? "Code, scrolls sideways" : "Table, scrolls sideways");
  });
}
addEventListener("load", reach);
addEventListener("resize", reach);
