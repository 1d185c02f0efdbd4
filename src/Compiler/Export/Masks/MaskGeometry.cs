using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.MaskLayers;

namespace TaalasSim.Compiler.Export.Masks;

/// <summary>
/// Where every bit of the two layers is on the die, in nanometres. A site's origin is its lower left corner; the same for every site of
/// a fabric.
/// </summary>
/// <remarks>
/// Weights layer: the ROM array of a site is a grid of bit lines (x) and word lines (y). Bit i of the bank, counted from the low bit of its
/// first byte, has its via at word line i / bit lines and bit line i mod bit lines, so the order on the layer is the order in the file. The
/// grid holds the bank's capacity in the fabric, whatever the code format, and is as near to a square as whole bytes of bit lines allow.
/// Dataflow layer: strap bit i of a site's sixteen bytes is the strap at position i mod row of strap row i / row, below the array. Vector
/// ROM: its bits fill arrays of the same kind, which are in rows below the sites of die 0.
/// </remarks>
public sealed class MaskGeometry
{
    private readonly FabricSpec _fabric;
    private readonly int _viaHalf;
    private readonly int _arrayLeft;
    private readonly int _arrayBottom;
    private readonly int _strapLeft;
    private readonly int _strapRows;

    /// <summary>Lays out a site of the fabric.</summary>
    /// <exception cref="InputException">Rules that contradict each other, or a bank or die that has no size in GDSII.</exception>
    public MaskGeometry(FabricSpec fabric, MaskRules rules)
    {
        _fabric = fabric;
        Rules = rules;
        PitchX = Length(rules.Weights.PitchXNm, "weights.pitch_x_nm");
        PitchY = Length(rules.Weights.PitchYNm, "weights.pitch_y_nm");
        ViaSize = Length(rules.Weights.SizeNm, "weights.size_nm");
        StrapPitch = Length(rules.Dataflow.PitchNm, "dataflow.pitch_nm");
        StrapRowPitch = Length(rules.Dataflow.RowPitchNm, "dataflow.row_pitch_nm");
        StrapsPerRow = Length(rules.Dataflow.Row, "dataflow.row");
        var snap = Length(rules.Floorplan.SnapNm, "floorplan.snap_nm");
        double share = rules.Floorplan.ArrayShare;
        Need(ViaSize % 2 == 0, "weights.size_nm must be even, so that a via has a centre");
        Need(ViaSize < Math.Min(PitchX, PitchY), "weights.size_nm must be smaller than both pitches");
        Need(share is > 0 and <= 1, "floorplan.array_share must lie in (0, 1]");
        Need(fabric.Bank.CapacityBits is >= 8 and <= 1L << 30, "the fabric's bank holds fewer than 8 or more than 2^30 bits");

        var capacity = (long)Math.Ceiling(fabric.Bank.CapacityBits);
        BitLines = Math.Max(8, (int)Math.Round(Math.Sqrt((double)capacity * PitchY / PitchX) / 8) * 8);
        WordLines = (int)((capacity + BitLines - 1) / BitLines);
        _viaHalf = ViaSize / 2;
        _strapRows = ((DataflowLayer.SiteBytes * 8) + StrapsPerRow - 1) / StrapsPerRow;
        long arrayWidth = (long)BitLines * PitchX,
            arrayHeight = (long)WordLines * PitchY,
            strapWidth = (long)StrapsPerRow * StrapPitch,
            strapHeight = (long)_strapRows * StrapRowPitch;
        SiteWidth = RoundUp(Math.Max(arrayWidth / Math.Sqrt(share), strapWidth), snap);
        SiteHeight = RoundUp(Math.Max(arrayHeight / Math.Sqrt(share), arrayHeight + strapHeight), snap);
        _arrayLeft = (int)(SiteWidth - arrayWidth) / 2;
        _arrayBottom = (int)(SiteHeight - arrayHeight);
        _strapLeft = (int)(SiteWidth - strapWidth) / 2;
        Need(
            (long)SiteWidth * fabric.Sites.Columns < int.MaxValue && (long)SiteHeight * (fabric.Sites.Rows + 64L) < int.MaxValue,
            "the die is longer than the two metres that GDSII holds at 1 nm"
        );
    }

    /// <summary>Rules that the geometry follows.</summary>
    public MaskRules Rules { get; }

    /// <summary>Numbers of the layers in a GDSII file: the fabric's own, or else those of the rules.</summary>
    public GdsLayers Layers => _fabric.Gds ?? Rules.Gds;

    /// <summary>Fabric whose sites are laid out.</summary>
    public FabricSpec Fabric => _fabric;

    /// <summary>Bit lines of an array.</summary>
    public int BitLines { get; }

    /// <summary>Word lines of an array.</summary>
    public int WordLines { get; }

    /// <summary>Via positions of an array.</summary>
    public long ArrayBits => (long)BitLines * WordLines;

    /// <summary>Distance of bit lines, nm.</summary>
    public int PitchX { get; }

    /// <summary>Distance of word lines, nm.</summary>
    public int PitchY { get; }

    /// <summary>Side of a via, nm.</summary>
    public int ViaSize { get; }

    /// <summary>Distance of strap positions in a row, nm.</summary>
    public int StrapPitch { get; }

    /// <summary>Distance of strap rows, nm.</summary>
    public int StrapRowPitch { get; }

    /// <summary>Strap positions in a row.</summary>
    public int StrapsPerRow { get; }

    /// <summary>Pitch of sites along x, nm.</summary>
    public int SiteWidth { get; }

    /// <summary>Pitch of sites along y, nm.</summary>
    public int SiteHeight { get; }

    /// <summary>A via drawn about its own centre.</summary>
    public Rectangle Via => new(-_viaHalf, -_viaHalf, _viaHalf, _viaHalf);

    /// <summary>A strap drawn from its own lower left corner.</summary>
    public Rectangle Strap =>
        new(0, 0, Length(Rules.Dataflow.WidthNm, "dataflow.width_nm"), Length(Rules.Dataflow.LengthNm, "dataflow.length_nm"));

    /// <summary>The whole site.</summary>
    public Rectangle Outline => new(0, 0, SiteWidth, SiteHeight);

    /// <summary>The ROM array within the site.</summary>
    public Rectangle Array => new(_arrayLeft, _arrayBottom, _arrayLeft + (BitLines * PitchX), _arrayBottom + (WordLines * PitchY));

    /// <summary>Centre of the via of a bank's bit, from the site's origin.</summary>
    public (int X, int Y) ViaCentre(long bit)
    {
        var (word, line) = Math.DivRem(bit, BitLines);
        return (_arrayLeft + ((int)line * PitchX) + (PitchX / 2), _arrayBottom + ((int)word * PitchY) + (PitchY / 2));
    }

    /// <summary>Bit whose via has that centre; −1 when the point is not on the grid.</summary>
    public long BitAt(int x, int y)
    {
        int dx = x - _arrayLeft - (PitchX / 2),
            dy = y - _arrayBottom - (PitchY / 2);
        if (dx < 0 || dy < 0 || dx % PitchX != 0 || dy % PitchY != 0 || dx / PitchX >= BitLines || dy / PitchY >= WordLines)
            return -1;
        return ((long)(dy / PitchY) * BitLines) + (dx / PitchX);
    }

    /// <summary>Lower left corner of a strap, from the site's origin.</summary>
    public (int X, int Y) StrapOrigin(int bit) => (_strapLeft + (bit % StrapsPerRow * StrapPitch), bit / StrapsPerRow * StrapRowPitch);

    /// <summary>Strap bit at that lower left corner; −1 when it is no strap position.</summary>
    public int StrapAt(int x, int y)
    {
        var dx = x - _strapLeft;
        if (
            dx < 0
            || y < 0
            || dx % StrapPitch != 0
            || y % StrapRowPitch != 0
            || dx / StrapPitch >= StrapsPerRow
            || y / StrapRowPitch >= _strapRows
        )
            return -1;
        return (y / StrapRowPitch * StrapsPerRow) + (dx / StrapPitch);
    }

    /// <summary>Die and origin of a site on it.</summary>
    public (int Die, int X, int Y) SiteOrigin(int site)
    {
        var (die, column, row) = Placement.PlaceModel.Position(site, _fabric);
        return (die, column * SiteWidth, row * SiteHeight);
    }

    /// <summary>Origin of an array of the vector ROM on die 0: rows of arrays below the sites.</summary>
    public (int X, int Y) VectorOrigin(int array)
    {
        var (row, column) = Math.DivRem(array, _fabric.Sites.Columns);
        return (column * SiteWidth, -(row + 1) * SiteHeight);
    }

    private static int RoundUp(double length, int snap) => checked((int)(Math.Ceiling(length / snap) * snap));

    private int Length(double value, string key)
    {
        Need(value is >= 1 and <= 1e6 && value == Math.Floor(value), $"{key} is {value}; give a whole number of 1 to 1,000,000");
        return (int)value;
    }

    private void Need(bool ok, string what)
    {
        if (!ok)
            throw new InputException($"mask rules {Rules.Name} on fabric {_fabric.Name}: {what}");
    }
}
