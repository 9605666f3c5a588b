window.voila_process = (cell, cells) =>
  window.update_loading_text(cell, cells, "Preparing the dashboard…");

// A page that has lost its kernel looks alive and answers nothing: say so.
(() => {
  const gone = "The connection to careerbench is gone: what you see no longer changes. " +
    "Start careerbench again if it has stopped, then reload this page.";
  const restarted = /"execution_state":\s*"(restarting|dead)"/;
  const say = (text) => { document.getElementById("cb-lost").textContent = text; };
  let leaving = false;
  let lost = false;
  window.addEventListener("pagehide", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; });
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...parts) {
      super(...parts);
      if (!String(parts[0]).includes("/channels")) { return; }
      this.addEventListener("open", () => { if (!lost) { say(""); } });
      this.addEventListener("close", () => { if (!leaving) { say(gone); } });
      this.addEventListener("message", ({ data }) => {
        const small = data instanceof ArrayBuffer && data.byteLength < 4096;
        if (small && restarted.test(new TextDecoder().decode(data))) { lost = true; say(gone); }
      });
    }
  };
})();
