using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Files;
using TaalasSim.Reports.Formulas;
using TaalasSim.Reports.Sampling;

namespace TaalasSim.Reports.Sweeps;

/// <summary>
/// How the index of a point becomes the values of its fields. Fields that are zipped share one dimension, computed ones have none; the last
/// dimension changes fastest. In a grid, a field whose condition is false counts once, not once for each of its values.
/// </summary>
internal sealed class SweepSpace
{
    // Combinations of a grid with conditions, most of which may fall away.
    private const int MostCombinations = 20_000_000;

    private static readonly ConditionalWeakTable<SweepSpec, SweepSpace> Known = [];

    // In place of a chosen value.
    private const int AsDescribed = -1;

    private readonly SweepSpec _spec;
    private readonly SweepNames _names;
    private readonly IReadOnlyList<string>?[] _values;
    private readonly Formula?[] _compute;
    private readonly Formula?[] _when;
    private readonly bool[] _whole;

    // For each field its dimension, −1 for computed ones; for each dimension its number of values, 0 for a continuous range.
    private readonly int[] _dimension;
    private readonly int[] _size;
    private readonly IUnitPoints? _sample;

    // Combinations that are points of a grid with conditions; null when all are.
    private readonly int[]? _kept;

    private SweepSpace(SweepSpec spec)
    {
        (_spec, _names) = (spec, spec.Names ?? new SweepNames(spec, null));
        var vary = spec.Vary;
        _values = [.. vary.Select(axis => axis.Range is { Steps: null } || axis.Compute.Length > 0 ? null : SweepGrid.Values(axis))];
        _compute = [.. vary.Select(axis => axis.Compute.Length > 0 ? Formula.Parse(axis.Compute) : null)];
        _when = [.. vary.Select(axis => axis.When.Length > 0 ? Formula.Parse(axis.When) : null)];
        _whole = [.. vary.Select(axis => SweepFile.IsWhole(axis.Field))];
        _dimension = DimensionOf(vary);
        _size = new int[_dimension.Max() + 1];
        for (var i = 0; i < vary.Count; i++)
            if (_dimension[i] >= 0)
                _size[_dimension[i]] = _values[i]?.Count ?? 0;
        if (spec.Mode == SweepMode.Grid)
            (Count, _kept) = Grid();
        else
            (Count, _sample) = Sampled(spec, _size.Length);
    }

    /// <summary>Number of points.</summary>
    public int Count { get; }

    /// <summary>Dimensions that are chosen independently.</summary>
    public int Dimensions => _size.Length;

    /// <summary>Points of a search, which become known as it goes; null in other modes.</summary>
    public GrowingPoints? Growing => _sample as GrowingPoints;

    /// <summary>Fields of a dimension.</summary>
    public IEnumerable<int> FieldsOf(int dimension) => Enumerable.Range(0, _dimension.Length).Where(i => _dimension[i] == dimension);

    /// <summary>The space of a sweep.</summary>
    public static SweepSpace Of(SweepSpec spec) => Known.GetValue(spec, s => new SweepSpace(s));

    /// <summary>Values of the fields of a point, null for one that keeps what its file says, and why a formula has no value
    /// there.</summary>
    public (string?[] Values, string? Fault) Values(int index)
    {
        if (_spec.Mode == SweepMode.Tornado)
            return AtEnd(index);
        if (_sample is null)
            return Filled(Combination(_kept is null ? index : _kept[index]), null);
        var place = new double[_size.Length];
        _sample.At(index, place);
        return At(place);
    }

    /// <summary>Values at a point of the unit cube.</summary>
    public (string?[] Values, string? Fault) At(double[] place)
    {
        var chosen = new int[_size.Length];
        for (var d = 0; d < chosen.Length; d++)
            chosen[d] = Math.Max(0, Math.Min(_size[d] - 1, (int)(place[d] * _size[d])));
        return Filled(chosen, place);
    }

    /// <summary>For each field its dimension, −1 for computed ones.</summary>
    public static int[] DimensionOf(List<SweepAxis> vary)
    {
        var dimension = new int[vary.Count];
        var next = 0;
        for (var i = 0; i < vary.Count; i++)
        {
            var first = vary[i].Zip.Length > 0 ? vary.FindIndex(a => a.Zip == vary[i].Zip) : i;
            dimension[i] =
                vary[i].Compute.Length > 0 ? -1
                : first < i ? dimension[first]
                : next++;
        }

        return dimension;
    }

    private static (int Count, IUnitPoints? Sample) Sampled(SweepSpec spec, int dimensions)
    {
        var (points, seed) = (spec.Points ?? 0, (ulong)spec.Seed);
        return spec.Mode switch
        {
            SweepMode.LatinHypercube => (points, new LatinHypercube(dimensions, points, seed)),
            SweepMode.Sobol => (points, new SobolSequence(dimensions, seed)),
            SweepMode.Search => (points, new GrowingPoints(dimensions, points)),
            SweepMode.Sensitivity => (
                BasePoints(points, dimensions) * SaltelliPoints.BlockOf(dimensions),
                new SaltelliPoints(dimensions, seed)
            ),
            SweepMode.Tornado => (1 + (2 * dimensions), null),
            _ => (points, new RandomPoints(dimensions, seed)),
        };
    }

    // A power of two: only then is the sequence even.
    private static int BasePoints(int points, int dimensions) =>
        SaltelliPoints.BlockOf(dimensions) is var block && points < block ? 0 : 1 << BitOperations.Log2((uint)(points / block));

    private (int Count, int[]? Kept) Grid()
    {
        var all = 1L;
        foreach (var size in _size)
            all = Math.Min(int.MaxValue, all * size);
        if (Array.TrueForAll(_when, w => w is null))
            return (checked((int)all), null);
        if (all > MostCombinations)
            throw new InputException($"more than {MostCombinations} combinations before conditions; use fewer values");
        var kept = new List<int>();
        for (var i = 0; i < (int)all; i++)
        {
            var chosen = Combination(i);
            var (values, _) = Filled(chosen, null);
            // A field that is not in use stands for its first value alone.
            if (!Enumerable.Range(0, values.Length).Any(f => values[f] is null && _dimension[f] >= 0 && chosen[_dimension[f]] > 0))
                kept.Add(i);
        }

        return (kept.Count, [.. kept]);
    }

    // The described design, then for each dimension its first and its last value with all others as described.
    private (string?[] Values, string? Fault) AtEnd(int index)
    {
        var (dimension, end) = Math.DivRem(index - 1, 2);
        var chosen = new int[_size.Length];
        var place = new double[_size.Length];
        Array.Fill(chosen, AsDescribed);
        if (index > 0)
            (chosen[dimension], place[dimension]) = end == 0 ? (0, 0) : (Math.Max(0, _size[dimension] - 1), Math.BitDecrement(1.0));
        return Filled(chosen, place);
    }

    private int[] Combination(int index)
    {
        var chosen = new int[_size.Length];
        for (var d = chosen.Length - 1; d >= 0; d--)
            (index, chosen[d]) = Math.DivRem(index, _size[d]);
        return chosen;
    }

    private (string?[] Values, string? Fault) Filled(int[] chosen, double[]? place)
    {
        var values = new string?[_values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            try
            {
                if (_when[i] is { } when && !when.Evaluate(name => _names.Of(name, values)).IsTrue)
                    continue;
                if (_dimension[i] >= 0 && chosen[_dimension[i]] == AsDescribed)
                    continue;
                values[i] =
                    _compute[i] is { } compute ? Computed(i, compute.Evaluate(name => _names.Of(name, values)))
                    : _values[i] is { } list ? list[chosen[_dimension[i]]]
                    : _spec.Vary[i].Range!.Between(place![_dimension[i]]);
            }
            catch (InputException e)
            {
                return (values, $"{_spec.Vary[i].Field}: {e.Message}");
            }
        }

        return (values, null);
    }

    private string Computed(int field, FormulaValue value)
    {
        if (value.Text is { } text)
            return text;
        if (!double.IsFinite(value.Number))
            throw new InputException($"'{_compute[field]!.Text}' is no finite number here");
        if (!_whole[field])
            return value.Number.ToString("G12", CultureInfo.InvariantCulture);
        // What is whole but for rounding is whole; what is not was not meant.
        var near = Math.Round(value.Number);
        return Math.Abs(value.Number - near) <= 1e-9 * Math.Max(1, Math.Abs(near))
            ? near.ToString("F0", CultureInfo.InvariantCulture)
            : throw new InputException(
                $"'{_compute[field]!.Text}' is {value.Number.ToString("G6", CultureInfo.InvariantCulture)}, "
                    + "and the field takes whole numbers; use ceil(), floor() or round()"
            );
    }
}
