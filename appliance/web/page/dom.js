// Making and finding elements. Whatever comes from the box is put in as text, never as markup.

export const at = (id) => document.getElementById(id);

/** Make an element with text and children. */
export function make(tag, { text, kind, ...rest } = {}, ...children) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (kind) element.className = kind;
  Object.assign(element, rest);
  element.append(...children.filter(Boolean));
  return element;
}
