// What lies over a picture: evidence in two colours, marks at the edges, lines that measure.
const FOR = [20, 84, 230], AGAINST = [255, 200, 0]

function evidenceCanvas(layer) {
  if (layer.canvas) return layer.canvas
  const canvas = document.createElement("canvas")
  canvas.width = layer.columns
  canvas.height = layer.rows
  const context = canvas.getContext("2d"), image = context.createImageData(layer.columns, layer.rows)
  layer.values.forEach((value, i) => {
    const colour = (value || 0) >= 0 ? FOR : AGAINST
    image.data.set([...colour, 255 * Math.min(1, Math.abs(value || 0) / layer.full) ** 0.8], 4 * i)
  })
  context.putImageData(image, 0, 0)
  return (layer.canvas = canvas)
}

function evidenceAt(layer, facts, x, y) {
  const column = Math.floor((x / facts.w) * layer.columns), row = Math.floor((y / facts.h) * layer.rows)
  return column < 0 || row < 0 || column >= layer.columns || row >= layer.rows ? null : layer.values[row * layer.columns + column]
}

function drawOver(context, canvas, place, facts) {
  context.drawImage(canvas, place.left, place.top, facts.w * place.sx, facts.h * place.sy)
}

function written(context, text, x, y, align, size) {
  context.font = `600 ${size}px sans-serif`
  context.textAlign = align
  context.textBaseline = "middle"
  context.lineWidth = size / 4
  context.strokeStyle = "rgba(0, 0, 0, .75)"
  context.strokeText(text, x, y)
  context.fillStyle = "#fff"
  context.fillText(text, x, y)
}

// A letter on a ground of its own: the picture may hold writing at the same place.
function mark(context, text, x, y, size) {
  if (!text) return
  context.font = `600 ${size}px sans-serif`
  const wide = context.measureText(text).width + size / 2
  context.fillStyle = "rgba(0, 0, 0, .75)"
  context.fillRect(x - wide / 2, y - 0.65 * size, wide, 1.3 * size)
  written(context, text, x, y, "center", size)
}

function drawMarks(context, edges, width, height, ratio) {
  const [left, top, right, bottom] = edges, size = 15 * ratio, gap = 15 * ratio
  mark(context, left, gap, height / 2, size)
  mark(context, right, width - gap, height / 2, size)
  mark(context, top, width / 2, gap, size)
  mark(context, bottom, width / 2, height - gap, size)
}

function measured(line, facts) {
  const dx = line.x1 - line.x0, dy = line.y1 - line.y0
  if (!facts.spacing) return `${Math.round(Math.hypot(dx, dy))} pixels`
  const mm = Math.hypot(dx * facts.spacing[1], dy * facts.spacing[0])
  return `${mm < 10 ? mm.toFixed(2) : mm.toFixed(1)} mm${facts.detector ? " at the detector" : ""}`
}

function drawLine(context, line, place, facts, ratio) {
  const x0 = place.left + line.x0 * place.sx, y0 = place.top + line.y0 * place.sy
  const x1 = place.left + line.x1 * place.sx, y1 = place.top + line.y1 * place.sy
  for (const [width, colour] of [[4 * ratio, "rgba(0, 0, 0, .6)"], [1.5 * ratio, "#7fe3ee"]]) {
    context.lineWidth = width
    context.strokeStyle = colour
    context.beginPath()
    context.moveTo(x0, y0)
    context.lineTo(x1, y1)
    context.stroke()
  }
  written(context, measured(line, facts), Math.max(x0, x1) + 6 * ratio, (x0 > x1 ? y0 : y1) - 8 * ratio, "left", 13 * ratio)
}
