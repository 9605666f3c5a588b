/** Shows the page in a notebook: the data come once, the view is a trait of the widget. */

import { documentAddress } from "./address.js";
import { mount } from "./app.js";

/** The address of a widget among other cells: its trait. */
function traitAddress(model) {
  return {
    get: () => model.get("address"),
    set: (said) => tell(model, said),
    href: () => "#",
    listen: (heard) => model.on("change:address", heard),
  };
}

/** The address of a live page: the browser's, so that it outlives the kernel, which is told. */
function liveAddress(model) {
  const own = documentAddress();
  return {
    ...own,
    get: () => own.get() || model.get("address"),
    set: (said) => {
      own.set(said);
      tell(model, said);
    },
  };
}

function tell(model, said) {
  model.set("address", said);
  model.save_changes();
}

function render_({ model, el }) {
  const root = document.createElement("div");
  root.className = "careerbench-page";
  el.append(root);
  const alone = document.body.dataset.voila !== undefined;
  const address = alone ? liveAddress(model) : traitAddress(model);
  mount(root, model.get("payload"), { address, where: "widget", whole: false });
}

export default { render: render_ };
