/** Starts the page in a document of its own: the data stand in it, the view stands in its address. */

import { mount } from "./app.js";

/** The address of a document: what stands behind its #. */
function documentAddress() {
  return {
    get: () => location.hash,
    set: (said) => {
      if (location.hash.replace(/^#/, "") !== said) keep(`#${said}`);
    },
    href: (said) => `#${said}`,
    listen: (heard) => addEventListener("hashchange", heard),
  };
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

const root = document.getElementById("careerbench");
const payload_ = JSON.parse(document.getElementById("careerbench-data").textContent);
mount(root, payload_, { address: documentAddress(), where: root.dataset.where, whole: true });
root.dataset.ready = String(Math.round(performance.now()));
