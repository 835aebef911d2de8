-- Markdown to Typst: a line of JSON with texts in, a line of JSON with an answer to each out
-- (markdown.py). The reader gets an empty file system ({}), so that nothing in a text can read a file.
-- What must not pass through Typst's markup as written is put between U+E000 and U+E001: a letter
-- and a number, which markdown.py replaces. The input has neither character, and where one comes out
-- of an entity (&#xE000;), it is taken away.

-- Without a change of its extensions, each of which costs 0.2 ms a text.
local READER = "gfm"
local options = pandoc.WriterOptions({ wrap_text = "none" })
local parts

local function placeholder(part)
  parts[#parts + 1] = part
  return pandoc.RawInline("typst", "\u{E000}" .. (#parts - 1) .. "\u{E001}")
end

local function math(element)
  local display = element.mathtype == "DisplayMath"
  return placeholder({ kind = "math", tex = element.text, display = display, typst = "" })
end

-- A call of the writer takes 1 ms whatever it writes, so the texts of a request go into one call,
-- each with its formulas behind it.
local SEPARATOR = "\u{E000}|\u{E001}"
local function add(blocks, text)
  blocks:extend(text.blocks)
  blocks:insert(pandoc.RawBlock("typst", SEPARATOR))
  for _, part in ipairs(text.parts) do
    if part.kind == "math" then
      local kind = part.display and "DisplayMath" or "InlineMath"
      local tex = part.tex:gsub("\\label%s*{[^}]*}", "")
      blocks:insert(pandoc.Para({ pandoc.Math(kind, tex) }))
      blocks:insert(pandoc.RawBlock("typst", SEPARATOR))
    end
  end
end

local function write(texts)
  local blocks = pandoc.Blocks({})
  for _, text in ipairs(texts) do
    if text.blocks then add(blocks, text) end
  end
  local written = pandoc.write(pandoc.Pandoc(blocks), "typst", options)
  local from = 1
  local function next_piece()
    local first, last = written:find(SEPARATOR, from, true)
    local piece = written:sub(from, first - 1)
    from = last + 1
    return piece:gsub("^%s+", ""):gsub("%s+$", "")
  end
  for _, text in ipairs(texts) do
    if text.blocks then
      text.body, text.blocks = next_piece(), nil
      for _, part in ipairs(text.parts) do
        if part.kind == "math" then
          local typst = next_piece()
          if typst:sub(1, 1) == "$" and typst:sub(-1) == "$" then part.typst = typst end
        end
      end
      if #text.parts == 0 then text.parts = nil end
    end
  end
  if written:find(SEPARATOR, from, true) then error("the texts cannot be told apart") end
end

local function wrapped(start, content, stop)
  local made = pandoc.Inlines({ placeholder({ kind = "typst", typst = start }) })
  made:extend(content)
  made:insert(placeholder({ kind = "typst", typst = stop }))
  return made
end

local function link(element)
  local scheme = element.target:match("^(%a+):")
  if scheme ~= "http" and scheme ~= "https" and scheme ~= "mailto" then return element.content end
  local made = pandoc.Inlines({ placeholder({ kind = "link", url = element.target }) })
  made:extend(element.content)
  made:insert(placeholder({ kind = "typst", typst = "];" }))
  return made
end

local function raw_inline(element)
  if element.format ~= "html" then return placeholder({ kind = "code", text = element.text }) end
  local text = element.text
  if text:match("^<[bB][rR]%s*/?>$") then return pandoc.LineBreak() end
  if text:match("^<!%-%-") then return {} end
  local source = text:match("^<[iI][mM][gG].-[sS][rR][cC]%s*=%s*[\"']([^\"']*)[\"']")
  if source then return placeholder({ kind = "picture", source = source, alt = "" }) end
  return placeholder({ kind = "code", text = text })
end

local filter
local function raw_block(element)
  local text = element.text
  if element.format == "html" then
    if text:gsub("<!%-%-.-%-%->", ""):match("^%s*$") then return {} end
    if #text <= 20000 and not text:lower():match("<script") and not text:lower():match("<style") then
      local ok, doc = pcall(pandoc.read, text, "html-raw_html", nil, {})
      if ok and #doc.blocks > 0 then return doc:walk(filter).blocks end
    end
  end
  return pandoc.Plain({ placeholder({ kind = "block", text = text, language = "" }) })
end

-- Without our letters, which both begin with the bytes EE 80. And a long word may break anywhere: it
-- would run over the margin. In pieces, since the writer takes quadratic time for a word with such
-- breaks.
local function word(element)
  local ours = element.text:find("\xEE\x80", 1, true)
  if ours then element.text = element.text:gsub("\u{E000}", ""):gsub("\u{E001}", "") end
  if #element.text <= 60 then return ours and element or nil end
  local made, piece = pandoc.Inlines({}), {}
  for _, code in utf8.codes(element.text, true) do
    if #piece == 30 then
      made:insert(pandoc.Str(table.concat(piece) .. "\u{200B}"))
      piece = {}
    end
    piece[#piece + 1] = utf8.char(code)
  end
  made:insert(pandoc.Str(table.concat(piece)))
  return made
end

filter = {
  Str = word,
  Math = math,
  Image = function(element)
    local alt = pandoc.utils.stringify(element.caption)
    return placeholder({ kind = "picture", source = element.src, alt = alt })
  end,
  Code = function(element) return placeholder({ kind = "code", text = element.text }) end,
  Link = link,
  RawInline = function(element)
    if element.format == "typst" then return nil end
    return raw_inline(element)
  end,
  Emph = function(element) return wrapped("#emph[", element.content, "];") end,
  Strong = function(element) return wrapped("#strong[", element.content, "];") end,
  Strikeout = function(element) return wrapped("#strike[", element.content, "];") end,
  Superscript = function(element) return wrapped("#super[", element.content, "];") end,
  Subscript = function(element) return wrapped("#sub[", element.content, "];") end,
  Underline = function(element) return wrapped("#underline[", element.content, "];") end,
  SmallCaps = function(element) return element.content end,
  Span = function(element) return element.content end,
  Cite = function(element) return element.content end,
  CodeBlock = function(element)
    local language = element.classes[1] or ""
    return pandoc.Plain({ placeholder({ kind = "block", text = element.text, language = language }) })
  end,
  RawBlock = function(element)
    if element.format == "typst" then return nil end
    return raw_block(element)
  end,
  Header = function(element) return pandoc.Header(element.level, element.content) end,
  Div = function(element) return element.content end,
  Figure = function(element) return element.content end,
  Table = function(element)
    element.attr = pandoc.Attr()
    return element
  end,
}

local function read(source)
  parts = {}
  local ok, result = pcall(function()
    -- what begins on the first line could be metadata
    return pandoc.read("\n" .. source, READER, nil, {}):walk(filter).blocks
  end)
  return ok and { blocks = result, parts = parts } or { error = tostring(result) }
end

local line = io.read("l")
while line do
  local texts = {}
  for _, source in ipairs(pandoc.json.decode(line, false)) do texts[#texts + 1] = read(source) end
  local ok, problem = pcall(write, texts)
  io.write(pandoc.json.encode(ok and texts or { { error = tostring(problem) } }), "\n")
  io.flush()
  line = io.read("l")
end
