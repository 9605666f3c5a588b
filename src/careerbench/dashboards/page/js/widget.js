/** Shows the page in a notebook: the data come once, the view is a trait of the widget. */

import { mount } from "./app.js";

/** The address of a widget: its trait. */
function traitAddress(model) {
  return {
    get: () => model.get("address"),
    set: (said) => {
      model.set("address", said);
      model.save_changes();
    },
    href: () => "#",
    listen: (heard) => model.on("change:address", heard),
  };
}

function render_({ model, el }) {
  const root = document.createElement("div");
  root.className = "careerbench-page";
  el.append(root);
  mount(root, model.get("payload"), { address: traitAddress(model), where: "widget", whole: false });
}

export default { render: render_ };
