namespace TaalasSim.Compiler.Export.Masks;

/// <summary>
/// Design-rule check of the two layers as they are drawn in a GDSII file. It measures the shapes of the file; of the geometry it takes only
/// where the fabric's pads are.
/// </summary>
/// <remarks>
/// Rules: <c>via.size</c>, <c>via.grid</c>, <c>via.enclosure</c> (pad over via), <c>via.space</c>, <c>via.density</c>; <c>strap.size</c>,
/// <c>strap.open</c> (a strap must reach both of its pads), <c>strap.short</c> (two straps touch or come too close), <c>strap.density</c>;
/// <c>cell.bounds</c> (a shape leaves its site), <c>cell.place</c> (a bank is not defined and placed once, at its site) and
/// <c>cell.shape</c> (a shape on a layer or in a cell where the masks have none).
/// </remarks>
public sealed class CheckMask
{
    private const int KeptPerRule = 100;

    private readonly MaskGeometry _geometry;
    private readonly List<DrcFault> _faults = [];
    private readonly FlattenCells _flat;
    private readonly HashSet<string> _cells = new(StringComparer.Ordinal);
    private readonly HashSet<string> _placed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _countOfRule = new(StringComparer.Ordinal);
    private long _faultCount;
    private long _vias;
    private long _straps;
    private double _viaMaximum;
    private double _viaSum;
    private double _strapMaximum;

    private CheckMask(MaskGeometry geometry) =>
        (_geometry, _flat) = (
            geometry,
            new FlattenCells(geometry.Layers, (cell, place, what) => Fault("cell.shape", cell, place.Left, place.Bottom, what))
        );

    /// <summary>Checks every cell of a file, one at a time.</summary>
    /// <param name="stream">GDSII.</param>
    /// <param name="geometry">Geometry and rules of the fabric.</param>
    /// <param name="name">Name of the file for messages.</param>
    /// <param name="cancel">Stops between two cells.</param>
    public static DrcReport Run(Stream stream, MaskGeometry geometry, string name, CancellationToken cancel = default)
    {
        var check = new CheckMask(geometry);
        foreach (var cell in GdsReader.Cells(stream, name))
        {
            cancel.ThrowIfCancellationRequested();
            check.Cell(cell);
        }

        check._flat.Finish();
        foreach (var cell in check._cells.Except(check._placed, StringComparer.Ordinal))
            check.Fault("cell.place", cell, 0, 0, "is not placed on a die");
        return new DrcReport
        {
            Cells = check._cells.Count,
            Vias = check._vias,
            Straps = check._straps,
            ViaDensityMaximum = check._viaMaximum,
            ViaDensityMean = check._cells.Count > 0 ? check._viaSum / check._cells.Count : 0,
            StrapDensityMaximum = check._strapMaximum,
            FaultCount = check._faultCount,
            Faults = check._faults,
        };
    }

    private void Cell(GdsCell cell)
    {
        if (ExportGds.DieOf(cell.Name) is >= 0 and var die)
            Die(cell, die);
        else if (FlattenCells.IsArray(cell.Name))
            Bank(cell);
        else
            _flat.Add(cell);
    }

    private void Bank(GdsCell cell)
    {
        if (!_cells.Add(cell.Name))
            Fault("cell.place", cell.Name, 0, 0, "is defined twice");
        var (vias, straps) = _flat.Layers(cell);
        foreach (var box in vias.Concat(straps).Concat(cell.Shapes.Select(s => s.Box)))
            if (!_geometry.Outline.Contains(box))
                Fault("cell.bounds", cell.Name, box.Left, box.Bottom, "leaves the site");
        Vias(cell.Name, vias);
        Straps(cell.Name, straps);
    }

    private void Vias(string cell, List<Rectangle> vias)
    {
        var rules = _geometry.Rules.Weights;
        int size = (int)rules.SizeNm.Value,
            enclosure = (int)rules.EnclosureNm.Value,
            half = (int)rules.PadNm.Value / 2;
        var density = new DensityMap(_geometry.Outline, (int)rules.WindowNm.Value);
        foreach (var via in vias)
        {
            density.Add(via);
            if (via.Right - via.Left != size || via.Top - via.Bottom != size)
                Fault(
                    "via.size",
                    cell,
                    via.Left,
                    via.Bottom,
                    $"is {via.Right - via.Left} × {via.Top - via.Bottom} nm, not {size} × {size}"
                );
            int x = (via.Left + via.Right) / 2,
                y = (via.Bottom + via.Top) / 2;
            if (_geometry.BitAt(x, y) < 0)
                Fault("via.grid", cell, x, y, "is not centred on the via grid");
            var (padX, padY) = NearestPad(x, y);
            var pad = new Rectangle(padX - half, padY - half, padX + half, padY + half);
            if (!pad.Contains(new Rectangle(via.Left - enclosure, via.Bottom - enclosure, via.Right + enclosure, via.Top + enclosure)))
                Fault("via.enclosure", cell, x, y, $"its pad overhangs it by less than {enclosure} nm");
        }

        _vias += Spacing("via.space", cell, vias, (int)rules.SpaceNm.Value);
        var (share, window) = density.Densest();
        if (share > rules.DensityMaximum)
            Fault(
                "via.density",
                cell,
                window.Left,
                window.Bottom,
                $"a window is covered by {share:0.####}, more than {rules.DensityMaximum.Value:0.####}"
            );
        _viaMaximum = Math.Max(_viaMaximum, share);
        _viaSum += density.Mean;
    }

    private void Straps(string cell, List<Rectangle> straps)
    {
        var rules = _geometry.Rules.Dataflow;
        int width = (int)rules.WidthNm.Value,
            length = (int)rules.LengthNm.Value,
            gap = (int)rules.GapNm.Value,
            overlap = (int)rules.OverlapNm.Value;
        var density = new DensityMap(_geometry.Outline, (int)rules.WindowNm.Value);
        foreach (var strap in straps)
        {
            density.Add(strap);
            if (strap.Right - strap.Left != width || strap.Top - strap.Bottom != length)
                Fault(
                    "strap.size",
                    cell,
                    strap.Left,
                    strap.Bottom,
                    $"is {strap.Right - strap.Left} × {strap.Top - strap.Bottom} nm, not {width} × {length}"
                );
            // The pads lie in the middle of the nominal position, gap apart.
            var (x, y) = NearestStrap(strap);
            var bridge = new Rectangle(x, y + ((length - gap) / 2) - overlap, x + width, y + ((length + gap) / 2) + overlap);
            if (!strap.Contains(bridge))
                Fault("strap.open", cell, strap.Left, strap.Bottom, $"does not overlap both of its pads by {overlap} nm");
        }

        _straps += Spacing("strap.short", cell, straps, (int)rules.SpaceNm.Value);
        var (share, window) = density.Densest();
        if (share > rules.DensityMaximum)
            Fault(
                "strap.density",
                cell,
                window.Left,
                window.Bottom,
                $"a window is covered by {share:0.####}, more than {rules.DensityMaximum.Value:0.####}"
            );
        _strapMaximum = Math.Max(_strapMaximum, share);
    }

    // Shapes are hashed by squares larger than a shape and the space together; only neighbours can be too close. Gives the number of shapes
    // that remain when those that touch are merged.
    private long Spacing(string rule, string cell, List<Rectangle> shapes, int space)
    {
        if (shapes.Count < 2)
            return shapes.Count;
        var side = shapes.Max(s => Math.Max(s.Right - s.Left, s.Top - s.Bottom)) + space;
        var first = new Dictionary<long, int>(shapes.Count);
        var next = new int[shapes.Count];
        var merged = new DisjointSets(shapes.Count);
        for (var i = 0; i < shapes.Count; i++)
        {
            int bx = (int)Math.Floor((double)shapes[i].Left / side),
                by = (int)Math.Floor((double)shapes[i].Bottom / side);
            for (var dy = -1; dy <= 1; dy++)
            for (var dx = -1; dx <= 1; dx++)
            for (var j = first.GetValueOrDefault(Key(bx + dx, by + dy), -1); j >= 0; j = next[j])
                if (shapes[i].CloserThan(shapes[j], space))
                {
                    if (shapes[i].CloserThan(shapes[j], 1))
                        merged.Join(i, j);
                    Fault(
                        rule,
                        cell,
                        shapes[i].Left,
                        shapes[i].Bottom,
                        $"is closer than {space} nm to the shape at ({shapes[j].Left}, {shapes[j].Bottom})"
                    );
                }

            next[i] = first.GetValueOrDefault(Key(bx, by), -1);
            first[Key(bx, by)] = i;
        }

        return merged.Count;

        static long Key(int x, int y) => ((long)x << 32) | (uint)y;
    }

    private (int X, int Y) NearestPad(int x, int y)
    {
        var (x0, y0) = _geometry.ViaCentre(0);
        int column = Math.Clamp((int)Math.Round((double)(x - x0) / _geometry.PitchX), 0, _geometry.BitLines - 1);
        int row = Math.Clamp((int)Math.Round((double)(y - y0) / _geometry.PitchY), 0, _geometry.WordLines - 1);
        return (x0 + (column * _geometry.PitchX), y0 + (row * _geometry.PitchY));
    }

    private (int X, int Y) NearestStrap(Rectangle strap)
    {
        var (x0, y0) = _geometry.StrapOrigin(0);
        int column = Math.Clamp((int)Math.Round((double)(strap.Left - x0) / _geometry.StrapPitch), 0, _geometry.StrapsPerRow - 1);
        int row = Math.Max(0, (int)Math.Round((double)(strap.Bottom - y0) / _geometry.StrapRowPitch));
        return (x0 + (column * _geometry.StrapPitch), y0 + (row * _geometry.StrapRowPitch));
    }

    private void Die(GdsCell cell, int die)
    {
        var (vias, straps) = _flat.Layers(cell);
        foreach (var box in vias.Concat(straps))
            Fault("cell.shape", cell.Name, box.Left, box.Bottom, "is drawn in the die, outside the banks' cells");
        _vias += Spacing("via.space", cell.Name, vias, (int)_geometry.Rules.Weights.SpaceNm.Value);
        _straps += Spacing("strap.short", cell.Name, straps, (int)_geometry.Rules.Dataflow.SpaceNm.Value);
        foreach (var reference in cell.References.Where(r => FlattenCells.IsArray(r.Cell)))
        {
            var site = ExportGds.SiteOf(reference.Cell);
            var array = ExportGds.VectorArrayOf(reference.Cell);
            var wanted =
                site >= 0 ? _geometry.SiteOrigin(site)
                : array >= 0 ? (0, _geometry.VectorOrigin(array).X, _geometry.VectorOrigin(array).Y)
                : (-1, 0, 0);
            if (wanted != (die, reference.X, reference.Y) || reference.Turn != default)
                Fault("cell.place", cell.Name, reference.X, reference.Y, $"{reference.Cell} does not belong there");
            if (!_placed.Add(reference.Cell))
                Fault("cell.place", cell.Name, reference.X, reference.Y, $"{reference.Cell} is placed twice");
        }
    }

    private void Fault(string rule, string cell, int x, int y, string what)
    {
        _faultCount++;
        var count = _countOfRule.GetValueOrDefault(rule) + 1;
        _countOfRule[rule] = count;
        if (count <= KeptPerRule)
            _faults.Add(new DrcFault(rule, cell, x, y, what));
    }
}
