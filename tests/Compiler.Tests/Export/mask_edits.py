# Draws random edits into an exported mask and counts what KLayout sees. Run by MaskEditTests:
#   klayout -zz -r mask_edits.py -rd source=a.gds -rd variants=40 -rd grid=... (see there)
# Prints for every variant: its number, whether every edit is one that a mask may have, the edits, merged vias, merged straps.
import random

import pya

via_x, via_y, pitch_x, pitch_y, bit_lines, word_lines, strap_x, strap_pitch, straps = (int(n) for n in grid.split(","))


class Edits:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.layout = pya.Layout()
        self.layout.read(source)
        self.vias = self.layout.layer(51, 0)
        self.straps = self.layout.layer(61, 0)
        self.via = self.layout.cell("VIA").cell_index()
        self.strap = self.layout.cell("STRAP").cell_index()
        self.die = self.layout.cell("DIE_0")
        self.banks = [c for c in self.layout.each_cell() if c.name.startswith("BANK_")]
        self.free_of = {}

    def bank(self):
        return self.random.choice(self.banks)

    def region(self, cell, layer):
        return pya.Region(cell.begin_shapes_rec(layer))

    # Places of the via grid without a via, and of the first row of straps.
    def free(self, cell):
        if cell.name not in self.free_of:
            used = {(p.bbox().center().x, p.bbox().center().y) for p in self.region(cell, self.vias).each()}
            places = [(via_x + c * pitch_x, via_y + r * pitch_y) for r in range(word_lines) for c in range(bit_lines)]
            self.free_of[cell.name] = [p for p in places if p not in used]
        places = self.free_of[cell.name]
        return places.pop(self.random.randrange(len(places)))

    def box(self, x, y):
        return pya.Box(x - 10, y - 10, x + 10, y + 10)

    # Edits that a mask may have.
    def add_box(self):
        cell = self.bank()
        cell.shapes(self.vias).insert(self.box(*self.free(cell)))

    def add_path(self):
        cell = self.bank()
        x, y = self.free(cell)
        ends = [pya.Point(x - 10, y), pya.Point(x + 10, y)] if self.random.random() < 0.5 else [pya.Point(x, y + 10), pya.Point(x, y - 10)]
        cell.shapes(self.vias).insert(pya.Path(ends, 20))

    def add_reference(self):
        cell = self.bank()
        turn = pya.Trans(self.random.randrange(4), self.random.random() < 0.5, *self.free(cell))
        cell.insert(pya.CellInstArray(self.via, turn))

    def add_nested(self):
        cell = self.bank()
        (x, y), (u, v) = self.free(cell), self.free(cell)
        inner = self.layout.create_cell("INNER")
        inner.shapes(self.vias).insert(self.box(u - x, v - y))
        outer = self.layout.create_cell("OUTER")
        outer.insert(pya.CellInstArray(inner.cell_index(), pya.Trans(0, 0)))
        outer.insert(pya.CellInstArray(self.via, pya.Trans(0, 0)))
        cell.insert(pya.CellInstArray(outer.cell_index(), pya.Trans(x, y)))

    def add_turned(self):
        cell = self.bank()
        x, y = self.free(cell)
        part = self.layout.create_cell("TURNED")
        part.shapes(self.vias).insert(self.box(70, 0))
        turn = pya.Trans(self.random.randrange(4), self.random.random() < 0.5)
        at = turn * pya.Point(70, 0)
        cell.insert(pya.CellInstArray(part.cell_index(), pya.Trans(turn.rot % 4, turn.is_mirror(), x - at.x, y - at.y)))

    def remove_reference(self):
        cell = self.bank()
        found = [i for i in cell.each_inst() if i.cell_index == self.via]
        if found:
            cell.erase(self.random.choice(found))
            self.free_of.pop(cell.name, None)

    # An array of two rows in place of whatever is on two word lines.
    def redraw_lines(self):
        cell = self.bank()
        cell.flatten(True)
        line = self.random.randrange(word_lines - 1)
        y = via_y + line * pitch_y
        lines = pya.Region(pya.Box(via_x - 10, y - 10, via_x + (bit_lines - 1) * pitch_x + 10, y + pitch_y + 10))
        rest = (self.region(cell, self.vias) - lines).merged()
        rest.flatten()
        rest = pya.Region([p.dup() for p in rest.each()])
        cell.shapes(self.vias).clear()
        cell.shapes(self.vias).insert(rest)
        array = pya.CellInstArray(self.via, pya.Trans(via_x, y), pya.Vector(pitch_x, 0), pya.Vector(0, pitch_y), 30, 2)
        cell.insert(array)
        self.free_of.pop(cell.name, None)

    def add_strap(self):
        cell = self.bank()
        used = {p.bbox().left for p in self.region(cell, self.straps).each() if p.bbox().bottom == 0}
        places = [x for x in (strap_x + i * strap_pitch for i in range(straps)) if x not in used]
        x = self.random.choice(places)
        if self.random.random() < 0.5:
            cell.insert(pya.CellInstArray(self.strap, pya.Trans(x, 0)))
        else:
            cell.shapes(self.straps).insert(pya.Box(x, 0, x + 80, 320))

    def add_text(self):
        self.bank().shapes(self.vias).insert(pya.Text("note", pya.Trans(self.random.randrange(1000), 0)))

    # Edits that must be refused.
    def off_grid(self):
        cell = self.bank()
        x, y = self.free(cell)
        cell.shapes(self.vias).insert(self.box(x + self.random.choice((-7, 5, 9)), y))

    def wide(self):
        cell = self.bank()
        x, y = self.free(cell)
        cell.shapes(self.vias).insert(pya.Box(x - 10, y - 10, x + 12, y + 10))

    def bent_polygon(self):
        cell = self.bank()
        x, y = self.free(cell)
        points = [(0, 0), (0, 20), (10, 20), (10, 10), (20, 10), (20, 0)]
        cell.shapes(self.vias).insert(pya.Polygon([pya.Point(x - 10 + a, y - 10 + b) for a, b in points]))

    def bent_path(self):
        cell = self.bank()
        x, y = self.free(cell)
        cell.shapes(self.straps).insert(pya.Path([pya.Point(x, y), pya.Point(x + 100, y), pya.Point(x + 100, y + 200)], 80))

    # Drawn where a via or a strap may stand, so that only the layer is wrong.
    def via_of_other_datatype(self):
        cell = self.bank()
        cell.shapes(self.layout.layer(51, self.random.choice((1, 7)))).insert(self.box(*self.free(cell)))

    def strap_of_other_datatype(self):
        x = strap_x + self.random.randrange(straps) * strap_pitch
        self.bank().shapes(self.layout.layer(61, self.random.choice((1, 7)))).insert(pya.Box(x, 0, x + 80, 320))

    def die_box_of_other_datatype(self):
        self.die.shapes(self.layout.layer(self.random.choice((51, 61)), 1)).insert(self.box(*self.free(self.bank())))

    def other_layer(self):
        cell = self.bank()
        cell.shapes(self.layout.layer(self.random.choice((52, 60)), 0)).insert(self.box(*self.free(cell)))

    def die_box(self):
        x, y = self.free(self.bank())
        self.die.shapes(self.vias).insert(self.box(x, y))

    def die_reference(self):
        self.die.insert(pya.CellInstArray(self.via, pya.Trans(*self.free(self.bank()))))

    def forty_boxes_between(self):
        cell = self.bank()
        for i in range(40):
            cell.shapes(self.vias).insert(self.box(via_x + i * pitch_x + pitch_x // 2, via_y + pitch_y // 2))

    def in_the_via(self):
        self.layout.cell(self.via).shapes(self.vias).insert(self.box(40, 0))

    def moved_bank(self):
        found = [i for i in self.die.each_inst() if i.cell.name.startswith("BANK_")]
        self.random.choice(found).transform(pya.Trans(self.random.choice((-80, 80, 160)), 0))

    def turned_bank(self):
        found = [i for i in self.die.each_inst() if i.cell.name.startswith("BANK_")]
        self.random.choice(found).transform(pya.Trans(2, False))

    def second_top(self):
        self.layout.create_cell("SPARE").shapes(self.vias).insert(self.box(0, 0))

    def twice(self):
        cell = self.bank()
        x, y = self.free(cell)
        cell.shapes(self.vias).insert(self.box(x, y))
        cell.insert(pya.CellInstArray(self.via, pya.Trans(x, y)))

    LEGAL = (add_box, add_path, add_reference, add_nested, add_turned, remove_reference, redraw_lines, add_strap, add_text)
    WRONG = (off_grid, wide, bent_polygon, bent_path, via_of_other_datatype, strap_of_other_datatype, die_box_of_other_datatype,
             other_layer, die_box, die_reference, forty_boxes_between, in_the_via, moved_bank, turned_bank, second_top, twice)


for number in range(int(variants)):
    edits = Edits(number)
    legal = number % 2 == 0
    chosen = [edits.random.choice(Edits.LEGAL) for _ in range(edits.random.randrange(1, 6))]
    # Every wrong edit comes up, beside edits that are right.
    if not legal:
        chosen.append(Edits.WRONG[number // 2 % len(Edits.WRONG)])
    for edit in chosen:
        edit(edits)
    edits.layout.write("%d.gds" % number)
    count = []
    for layer in (edits.vias, edits.straps):
        whole = pya.Region()
        for top in edits.layout.top_cells():
            whole += edits.region(top, layer)
        count.append(whole.merged().count())
    print("variant %d %d %s %d %d" % (number, legal, "+".join(e.__name__ for e in chosen), *count))
