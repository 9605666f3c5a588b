window.voila_process = (cell, cells) =>
  window.update_loading_text(cell, cells, "Preparing the dashboard…");

// A page that has lost its kernel looks alive and answers nothing: say so, with one way to go on.
(() => {
  const words = {
    4408: ["This page was not used for a while, so the program behind it was put to rest.", "Go on"],
    4410: ["The program behind this page has stopped, so the page may no longer follow what you choose.", "Reload"],
    4429: ["This page has asked too much of the server and was cut off.", "Reload"],
  };
  const gone = ["The connection is gone, so the page may no longer follow what you choose. If " +
    "careerbench has stopped, it must be started again.", "Reload"];
  const silent = "The server does not answer. Try again in a minute.";
  const restarted = /"execution_state":\s*"(restarting|dead)"/;
  const banner = () => document.getElementById("cb-lost");
  let leaving = false;
  let lost = false;

  const reload = async () => {
    try {
      await fetch(window.location.href, { method: "HEAD", cache: "no-store" });
      window.location.reload();
    } catch {
      banner().querySelector("span").textContent = silent;
    }
  };
  const say = ([text, action]) => {
    const told = document.createElement("span");
    const button = document.createElement("button");
    told.textContent = text;
    button.type = "button";
    button.textContent = action;
    button.addEventListener("click", reload);
    banner().replaceChildren(told, button);
    document.documentElement.classList.add("cb-is-lost");
  };
  const hush = () => {
    banner().replaceChildren();
    document.documentElement.classList.remove("cb-is-lost");
  };
  const close = (code) => {
    if (leaving || lost) { return; }
    lost = code in words;
    say(words[code] ?? gone);
  };

  window.addEventListener("pagehide", () => { leaving = true; });
  window.addEventListener("pageshow", ({ persisted }) => {
    leaving = false;
    if (persisted) { close(4410); } // back from the browser's memory: its kernel has ended
  });
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...parts) {
      super(...parts);
      if (!String(parts[0]).includes("/channels")) { return; }
      this.addEventListener("open", () => { if (!lost) { hush(); } });
      this.addEventListener("close", ({ code }) => close(code));
      this.addEventListener("message", ({ data }) => {
        const small = data instanceof ArrayBuffer && data.byteLength < 4096;
        if (small && restarted.test(new TextDecoder().decode(data))) { close(4410); }
      });
    }
  };
})();
