/** The address of a document: which view is shown stands behind its #. */

const SOON = 100;

/**
 * The address of a document: what stands behind its #. It is written a moment after the picture is
 * painted, because that takes a browser as long as the picture; who goes elsewhere meanwhile is not
 * called back.
 */
export function documentAddress() {
  const waiting = new Set();
  const set = (said) => {
    const timer = setTimeout(() => {
      waiting.delete(timer);
      if (location.hash.replace(/^#/, "") !== said) keep(`#${said}`);
    }, SOON);
    waiting.add(timer);
  };
  const listen = (heard) =>
    addEventListener("hashchange", () => {
      waiting.forEach((timer) => clearTimeout(timer));
      waiting.clear();
      heard();
    });
  return { get: () => location.hash, set, href: (said) => `#${said}`, listen };
}

/** Keep an address without the layout that a change of the hash costs; some browsers forbid it in files. */
function keep(address) {
  try {
    history.pushState(null, "", address);
  } catch (error) {
    if (error.name !== "SecurityError") throw error;
    location.hash = address;
  }
}
