// What the timeline, the matrix and the passages share; put before each of them.
const NS = "http://www.w3.org/2000/svg"

function make(name, attributes, parent, text) {
  const node = document.createElementNS(NS, name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value)
  if (text !== undefined) node.textContent = text
  if (parent) parent.appendChild(node)
  return node
}

function clock(seconds, tenths) {
  const count = Math.max(0, Math.floor(Math.round(seconds * 1000) / 100)), whole = Math.floor(count / 10)
  return Math.floor(whole / 60) + ":" + String(whole % 60).padStart(2, "0") + (tenths ? "." + (count % 10) : "")
}

function stretch(start, end, tenths) {
  const fine = tenths || clock(start) === clock(end)
  return `${clock(start, fine)} to ${clock(end, fine)}`
}

function playerIn(container) {
  return document.querySelector(`.st-key-${container} video, .st-key-${container} audio`)
}

function seekIn(container, seconds) {
  const media = playerIn(container)
  if (media) media.currentTime = Math.max(0, seconds + 0.01)
}
