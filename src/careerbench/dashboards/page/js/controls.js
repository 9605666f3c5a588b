/** Native pickers with their labels; kept from one view to the next, so that focus stays. */

import { html } from "./dom.js";

let made = 0;

/** Keep pickers in a form. @returns {{update: function(object[]): void}} */
export function controlsOf(form, choose) {
  const known = new Map();

  function controlOf(name) {
    if (!known.has(name)) {
      made += 1;
      const id = `careerbench-pick-${made}`;
      const select = html("select", { id, name, onchange: () => choose(name, select.value) });
      const label = html("label", { for: id });
      known.set(name, { select, label, box: html("div", { class: "picker" }, label, select), options: null });
    }
    return known.get(name);
  }

  function update(pickers) {
    const boxes = pickers.map((picker) => {
      const control = controlOf(picker.name);
      control.label.textContent = picker.label;
      fillOptions(control, picker.options);
      control.select.value = picker.value;
      return control.box;
    });
    const same = boxes.length === form.children.length && boxes.every((box, n) => form.children[n] === box);
    if (!same) form.replaceChildren(...boxes);
    form.hidden = boxes.length === 0;
  }

  return { update };
}

/** Make options anew only where they have changed. */
function fillOptions(control, options) {
  if (options === control.options) return;
  control.options = options;
  const groups = new Map();
  const top = document.createDocumentFragment();
  for (const { value, label, group } of options) {
    const option = html("option", { value }, label);
    if (group && !groups.has(group)) {
      groups.set(group, html("optgroup", { label: group }));
      top.append(groups.get(group));
    }
    (group ? groups.get(group) : top).append(option);
  }
  control.select.replaceChildren(top);
}
