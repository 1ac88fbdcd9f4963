// Pointer, wheel and keys on a canvas, as calls of what the viewer can do.
const STEP = 40

function handle(canvas, act) {
  const held = new Map()
  let drag = null

  function at(event) {
    const box = canvas.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }

  function pinch() {
    const [a, b] = [...held.values()]
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, far: Math.hypot(a.x - b.x, a.y - b.y) || 1 }
  }

  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId)
    if (event.pointerType === "mouse") canvas.focus({ preventScroll: true })
    held.set(event.pointerId, at(event))
    if (held.size === 1) act.keep()
    const tool = event.button === 1 || event.button === 2 || event.shiftKey ? "move" : act.tool()
    drag = held.size === 2 ? { tool: "pinch", last: pinch() } : { tool, last: at(event) }
    if (tool === "measure" && held.size === 1) act.lineFrom(drag.last)
  }
  canvas.onpointermove = (event) => {
    const now = at(event)
    if (!held.has(event.pointerId)) return act.look(now)
    held.set(event.pointerId, now)
    if (!drag) return
    if (drag.tool === "pinch" && held.size === 2) {
      const next = pinch()
      act.move(next.x - drag.last.x, next.y - drag.last.y)
      act.zoom(next.far / drag.last.far, next)
      drag.last = next
      return
    }
    const dx = now.x - drag.last.x, dy = now.y - drag.last.y
    if (drag.tool === "move") act.move(dx, dy)
    else if (drag.tool === "measure") act.lineTo(now)
    else if (drag.tool === "window") act.window(dx / canvas.clientWidth, dy / canvas.clientHeight)
    drag.last = now
  }
  canvas.onpointerup = (event) => {
    held.delete(event.pointerId)
    drag = null
    act.rest()
  }
  // The page took the finger to scroll: what it moved on its way is put back.
  canvas.onpointercancel = (event) => {
    held.delete(event.pointerId)
    drag = null
    act.back()
  }
  canvas.onpointerleave = () => act.look(null)
  canvas.oncontextmenu = (event) => event.preventDefault()
  canvas.ondblclick = () => act.fit()
  // The wheel zooms once the picture has been clicked: before that the page scrolls on under the pointer.
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && canvas.getRootNode().activeElement !== canvas) return
    event.preventDefault()
    act.zoom(Math.exp(-Math.sign(event.deltaY) * Math.min(0.25, Math.abs(event.deltaY) / 400)), at(event))
  }, { passive: false })
  canvas.onkeydown = (event) => {
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
    const middle = { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 }
    if (event.altKey || event.ctrlKey || event.metaKey) return
    if (arrow && event.shiftKey) act.window(arrow[0] * 0.03, arrow[1] * 0.03)
    else if (arrow) act.move(-arrow[0] * STEP, -arrow[1] * STEP)
    else if (event.key === "+" || event.key === "=") act.zoom(1.25, middle)
    else if (event.key === "-") act.zoom(0.8, middle)
    else if (event.key === "0") act.fit()
    else if (event.key === "i" || event.key === "I") act.invert()
    else if (event.key === "e" || event.key === "E") act.evidence()
    else if (event.key === "o" || event.key === "O") act.overlay()
    else if (event.key === "r" || event.key === "R") act.reset()
    else if (event.key === "w" || event.key === "W") act.use("window")
    else if (event.key === "m" || event.key === "M") act.use("move")
    else if (event.key === "d" || event.key === "D") act.use("measure")
    else if (event.key === "PageUp") act.step(-1)
    else if (event.key === "PageDown") act.step(1)
    else if (event.key === "Escape") act.clear()
    else return
    event.preventDefault()
  }
}
