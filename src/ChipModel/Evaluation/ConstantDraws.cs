using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Evaluation;

/// <summary>
/// Draws over every constant of a process, of prices and of a fabric. A constant is drawn from a two-piece normal distribution whose median
/// is its value and whose 5 % and 95 % points are its ends, cut off there. Constants of one <see cref="Constant.Group"/> share half of
/// their variance. With an anchor, each draw is calibrated again on the anchor's published figures, themselves drawn, and draws that no
/// factor within its bounds reconciles with the real chip are refused. Design points with the same constants share the draws. Safe to use
/// from several threads.
/// </summary>
public sealed class ConstantDraws
{
    private const int MaximumTriesPerDraw = 50;

    private const string FabricPrefix = "fabric",
        AnchorPrefix = "anchor",
        ClockPath = ".clock_ghz";

    private const double Z95 = 1.6448536269514722;

    private readonly EvaluationInput? _anchor;
    private readonly EvaluationInput? _given;
    private readonly TechnologySpec _technology;
    private readonly PriceBook _prices;
    private readonly ConstantSlots _technologySlots;
    private readonly ConstantSlots _fabricSlots;
    private readonly ConstantSlots _priceSlots;
    private readonly ConstantSlots? _anchorSlots;
    private readonly (string Path, Constant Constant)[] _constants;
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    // Where each constant goes: its place among all → slot of process, fabric, prices and anchor, −1 for none.
    private readonly (int Technology, int Fabric, int Prices, int Anchor)[] _slots;
    private readonly bool _sharesClock;
    private readonly Lock _gate = new();
    private (int Draws, ulong Seed, ConstantDraw[] Made)? _drawn;

    /// <summary>Lists the constants.</summary>
    /// <param name="fabric">Fabric.</param>
    /// <param name="technology">Its process.</param>
    /// <param name="prices">Prices.</param>
    /// <param name="anchor">The chip that the process was calibrated on, with published figures and in the same process; null keeps the
    /// factors' own intervals.</param>
    public ConstantDraws(FabricSpec fabric, TechnologySpec technology, PriceBook prices, EvaluationInput? anchor)
    {
        (_technology, _prices, _given) = (technology, prices, anchor);
        _anchor = anchor?.Fabric.Published is not null && anchor.Fabric.Technology == technology.Name ? anchor : null;
        _technologySlots = new ConstantSlots(technology, "technology");
        _fabricSlots = new ConstantSlots(fabric, FabricPrefix);
        _priceSlots = new ConstantSlots(prices, "prices");
        var own = _fabricSlots.Constants;
        HashSet<string> shared = [];
        IReadOnlyList<(string Path, Constant Constant)> anchors = [];
        if (_anchor is not null)
        {
            // A constant that chip and anchor have in common is drawn once for both; the anchor's clock is fitted in every draw.
            _anchorSlots = new ConstantSlots(_anchor.Fabric, AnchorPrefix);
            anchors = [.. _anchorSlots.Constants.Where(c => c.Path != AnchorPrefix + ClockPath)];
            var mine = own.ToDictionary(c => c.Path, c => c.Constant, StringComparer.Ordinal);
            shared =
            [
                .. anchors
                    .Select(c => (Field: c.Path[AnchorPrefix.Length..], c.Constant))
                    .Where(c => mine.TryGetValue(FabricPrefix + c.Field, out var same) && same == c.Constant)
                    .Select(c => c.Field),
            ];
            _sharesClock = fabric.ClockGhz == _anchor.Fabric.ClockGhz;
        }

        _constants =
        [
            .. _technologySlots.Constants.Where(c => _anchor is null || !IsFitted(c.Path)),
            .. own.Where(c => !_sharesClock || c.Path != FabricPrefix + ClockPath),
            .. _priceSlots.Constants,
            .. anchors.Where(c => !shared.Contains(c.Path[AnchorPrefix.Length..])),
        ];
        for (var i = 0; i < _constants.Length; i++)
            _places.Add(_constants[i].Path, i);
        _slots = Slots(shared);
    }

    /// <summary>Every constant that an evaluation may use.</summary>
    public IReadOnlyList<(string Path, Constant Constant)> Constants => _constants;

    /// <summary>The chip that every draw is calibrated on; null for none.</summary>
    internal EvaluationInput? Anchor => _anchor;

    /// <summary>Whether these are the draws of a design point.</summary>
    /// <param name="fabric">Its fabric; sizes do not matter, constants do.</param>
    /// <param name="technology">Its process.</param>
    /// <param name="prices">Prices.</param>
    /// <param name="anchor">Anchor as for the constructor.</param>
    public bool Serve(FabricSpec fabric, TechnologySpec technology, PriceBook prices, EvaluationInput? anchor) =>
        ReferenceEquals(technology, _technology)
        && ReferenceEquals(prices, _prices)
        && ReferenceEquals(anchor, _given)
        && new ConstantSlots(fabric, FabricPrefix).Constants.SequenceEqual(_fabricSlots.Constants);

    /// <summary>Draws, the same for the same seed.</summary>
    /// <param name="draws">Number.</param>
    /// <param name="seed">Seed.</param>
    /// <exception cref="Files.InputException">Hardly any draw agrees with the anchor's published figures.</exception>
    public IReadOnlyList<ConstantDraw> Of(int draws, ulong seed)
    {
        lock (_gate)
        {
            if (_drawn is not { } known || known.Draws != draws || known.Seed != seed)
                _drawn = known = (draws, seed, Draw(draws, seed));
            return known.Made;
        }
    }

    /// <summary>Constants at given values and the calibration fitted again.</summary>
    /// <param name="values">Values by path of <see cref="Constants"/>; others are passed over.</param>
    internal ConstantDraw At(IReadOnlyDictionary<string, double> values)
    {
        var all = Unchanged(_constants.Length);
        foreach (var (path, value) in values)
            if (_places.TryGetValue(path, out var place))
                all[place] = value;
        return Try(all).Draw;
    }

    private (int Technology, int Fabric, int Prices, int Anchor)[] Slots(HashSet<string> shared)
    {
        Dictionary<string, int> technology = Index(_technologySlots),
            fabric = Index(_fabricSlots),
            prices = Index(_priceSlots),
            anchor = _anchorSlots is null ? [] : Index(_anchorSlots);
        return
        [
            .. _constants.Select(c =>
                (
                    technology.GetValueOrDefault(c.Path, -1),
                    fabric.GetValueOrDefault(c.Path, -1),
                    prices.GetValueOrDefault(c.Path, -1),
                    fabric.ContainsKey(c.Path) && c.Path[FabricPrefix.Length..] is var field && shared.Contains(field)
                        ? anchor[AnchorPrefix + field]
                        : anchor.GetValueOrDefault(c.Path, -1)
                )
            ),
        ];

        static Dictionary<string, int> Index(ConstantSlots slots) =>
            slots.Constants.Select((c, i) => (c.Path, i)).ToDictionary(p => p.Path, p => p.i, StringComparer.Ordinal);
    }

    private ConstantDraw[] Draw(int draws, ulong seed)
    {
        var random = new SplitMix(seed);
        var values = Unchanged(_constants.Length);
        var groups = new Dictionary<string, double>(StringComparer.Ordinal);
        var made = new ConstantDraw[draws];
        var tries = 0L;
        for (var d = 0; d < draws; )
        {
            if (++tries > MaximumTriesPerDraw * (long)draws)
                throw new Files.InputException(
                    $"technology {_technology.Name}: hardly any draw of its constants agrees with the published figures of fabric "
                        + $"{_anchor?.Fabric.Name}; check the intervals"
                );
            groups.Clear();
            for (var c = 0; c < _constants.Length; c++)
            {
                var constant = _constants[c].Constant;
                if (constant.Low == constant.High)
                    continue;
                var z = random.Normal();
                if (constant.Group.Length > 0)
                {
                    if (!groups.TryGetValue(constant.Group, out var shared))
                        groups.Add(constant.Group, shared = random.Normal());
                    z = Math.Sqrt(0.5) * (z + shared);
                }

                values[c] = Draw(constant, z);
            }

            var (draw, within) = Try(values);
            if (within)
                made[d++] = draw;
        }

        return made;
    }

    /// <summary>Value of a constant that lies that many standard deviations of belief above its best estimate.</summary>
    internal static double Draw(Constant constant, double z)
    {
        if (constant.Shape == ConstantShape.Either)
            return z < 0 ? constant.Low : constant.High;
        var x = constant.Value + (z / Z95 * (z > 0 ? constant.High - constant.Value : constant.Value - constant.Low));
        return Math.Clamp(x, constant.Low, constant.High);
    }

    private (ConstantDraw Draw, bool Within) Try(double[] values)
    {
        double[] ofTechnology = Unchanged(_technologySlots.Constants.Count),
            ofFabric = Unchanged(_fabricSlots.Constants.Count),
            ofPrices = Unchanged(_priceSlots.Constants.Count),
            ofAnchor = Unchanged(_anchorSlots?.Constants.Count ?? 0);
        for (var c = 0; c < values.Length; c++)
        {
            var (technologySlot, fabricSlot, priceSlot, anchorSlot) = _slots[c];
            Put(ofTechnology, technologySlot, values[c]);
            Put(ofFabric, fabricSlot, values[c]);
            Put(ofPrices, priceSlot, values[c]);
            Put(ofAnchor, anchorSlot, values[c]);
        }

        var technology = _technologySlots.With(_technology, ofTechnology);
        var within = true;
        double? clock = null;
        if (_anchor is not null)
        {
            // The anchor stays the chip that was measured: of a derived fabric it takes the draws of common constants, nothing else.
            var anchor = _anchor with { Fabric = _anchorSlots!.With(_anchor.Fabric, ofAnchor) };
            var factors = FitCalibration.FitNearest(anchor, technology);
            technology = FitCalibration.With(technology, factors.Area, factors.Power);
            within = factors.WithinBounds(SupplyVoltage.MaximumClockGhz(technology.Supply));
            if (_sharesClock)
                clock = factors.ClockGhz;
        }

        return (new ConstantDraw(technology, _priceSlots.With(_prices, ofPrices), _fabricSlots, ofFabric, clock), within);

        static void Put(double[] all, int slot, double value)
        {
            if (slot >= 0)
                all[slot] = value;
        }
    }

    private static double[] Unchanged(int count)
    {
        var values = new double[count];
        Array.Fill(values, double.NaN);
        return values;
    }

    // The two factors that every draw fits again.
    private static bool IsFitted(string path) => path is "technology.calibration.area" or "technology.calibration.power";
}
