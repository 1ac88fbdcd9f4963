// What the timeline, the matrix and the passages share; put before each of them.
const NS = "http://www.w3.org/2000/svg"

function make(name, attributes, parent, text) {
  const node = document.createElementNS(NS, name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value)
  if (text !== undefined) node.textContent = text
  if (parent) parent.appendChild(node)
  return node
}

function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds))
  return Math.floor(whole / 60) + ":" + String(whole % 60).padStart(2, "0")
}

function playerIn(container) {
  return document.querySelector(`.st-key-${container} video, .st-key-${container} audio`)
}

function seekIn(container, seconds) {
  const media = playerIn(container)
  if (media) media.currentTime = Math.max(0, seconds + 0.01)
}
