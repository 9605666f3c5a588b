/** Starts the page in a document of its own: the data stand in it, the view stands in its address. */

import { documentAddress } from "./address.js";
import { mount } from "./app.js";

const root = document.getElementById("careerbench");
const payload_ = JSON.parse(document.getElementById("careerbench-data").textContent);
const { where: where_, live: live_, leave: leave_ } = root.dataset;
mount(root, payload_, { address: documentAddress(), where: where_, whole: true, live: live_ !== undefined, leave: leave_ !== undefined });
root.dataset.ready = String(Math.round(performance.now()));
