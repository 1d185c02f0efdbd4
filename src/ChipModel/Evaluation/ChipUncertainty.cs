using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.ChipModel.Evaluation;

/// <summary>
/// Monte Carlo over every constant of a design point (<see cref="ConstantDraws"/>): what the chip of the anchor has shown narrows what the
/// model predicts.
/// </summary>
public sealed class ChipUncertainty
{
    // Smaller relative swings come from rounding alone.
    private const double LeastSwing = 1e-6;

    private readonly EvaluationInput _chip;
    private readonly EvaluationInput? _anchor;
    private readonly TechnologySpec _technology;
    private readonly PriceBook _prices;
    private readonly ServiceShape _service;
    private readonly ConstantDraws _constants;
    private readonly ServiceWork _work;
    private readonly ServiceReadings? _readings;
    private (ulong Seed, DesignDraw[]? Designs) _drawn;

    /// <summary>Prepares a design point.</summary>
    /// <param name="chip">The chip.</param>
    /// <param name="technology">Its process.</param>
    /// <param name="prices">Prices.</param>
    /// <param name="service">Lengths and users.</param>
    /// <param name="anchor">The chip that the process was calibrated on, with published figures and in the same process; null keeps the
    /// factors' own intervals.</param>
    /// <exception cref="Files.InputException">The process does not reach the clock, or has fewer masks than the fabric
    /// customises.</exception>
    public ChipUncertainty(
        EvaluationInput chip,
        TechnologySpec technology,
        PriceBook prices,
        ServiceShape service,
        EvaluationInput? anchor = null
    )
        : this(chip, technology, prices, service, new ConstantDraws(chip.Fabric, technology, prices, anchor)) { }

    /// <summary>Prepares a design point that shares its draws with others.</summary>
    /// <param name="chip">The chip.</param>
    /// <param name="technology">Its process.</param>
    /// <param name="prices">Prices.</param>
    /// <param name="service">Lengths and users.</param>
    /// <param name="constants">Draws that <see cref="ConstantDraws.Serve"/> the point.</param>
    /// <exception cref="Files.InputException">The process does not reach the clock.</exception>
    public ChipUncertainty(EvaluationInput chip, TechnologySpec technology, PriceBook prices, ServiceShape service, ConstantDraws constants)
    {
        (_chip, _technology, _prices, _service) = (chip, technology, prices, service);
        SupplyVoltage.Check(chip.Fabric, technology);
        ChipCost.CheckMasks(chip.Fabric, technology);
        (_constants, _anchor) = (constants, constants.Anchor);
        _work = ServiceWork.Of(chip, service);
        _readings = ServiceReadings.Of(chip, service, _work);
    }

    /// <summary>Whether the chip is the one that the process was calibrated on: the published model on the published fabric, both
    /// unchanged.</summary>
    public bool IsPublishedChip => _anchor is not null && _anchor.Fabric == _chip.Fabric && _anchor.Activity == _chip.Activity;

    /// <summary>How a figure of this chip came about.</summary>
    public FigureBasis BasisOf(FigureDefinition figure)
    {
        if (!IsPublishedChip)
            return FigureBasis.Predicted;
        var published = _anchor!.Fabric.Published!;
        return
            Is(FigureCatalog.DieMm2)
            || (
                (Is(FigureCatalog.TokensPerSecondUser) || Is(FigureCatalog.TokensPerSecondTotal))
                && _service == new ServiceShape(published.InputTokens, published.OutputTokens)
            )
            || (
                Is(FigureCatalog.Watts)
                && _service == new ServiceShape(published.CardInputTokens, published.CardOutputTokens, (int)published.CardUsers.Value)
            )
            ? FigureBasis.Calibrated
            : FigureBasis.Predicted;

        bool Is(FigureDefinition other) => figure == other;
    }

    /// <summary>Every constant that an evaluation may use.</summary>
    public IReadOnlyList<(string Path, Constant Constant)> Constants => _constants.Constants;

    /// <summary>Interval of every figure (5 % and 95 % of the draws around the best estimate) and its five widest swings.</summary>
    /// <param name="draws">Number of draws, at least 20.</param>
    /// <param name="seed">Seed; the same seed gives the same intervals.</param>
    /// <param name="withTornado">Whether swings are wanted: they cost two evaluations for each constant.</param>
    public UncertaintyStudy Run(int draws = 1000, ulong seed = 1, bool withTornado = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 20);
        var all = FigureCatalog.All;
        var samples = all.Select(_ => new double[draws]).ToArray();
        Sample(draws, seed, (d, design) =>
        {
            var figures = design.Figures();
            for (var f = 0; f < samples.Length; f++)
                samples[f][d] = all[f].Read(figures);
        });
        var best = BestEstimate().Figures();
        var swings = withTornado ? Swings() : [];
        var study = new UncertaintyStudy([
            .. all.Select(
                (figure, f) =>
                    new FigureUncertainty(
                        figure,
                        Spread(figure.Read(best), samples[f]),
                        [.. Tornado(figure, swings).Take(5)],
                        BasisOf(figure)
                    )
            ),
        ]);
        foreach (var figure in all)
            FigureCheck.Need(figure, study[figure].Interval, _chip.Fabric.Name);
        return study;
    }

    /// <summary>The design with the best estimates of the constants.</summary>
    public DesignDraw BestEstimate() => new(_chip, _technology, _prices, _service, _work);

    /// <summary>Intervals of any figures of the design point, from the same draws as <see cref="Run"/>.</summary>
    /// <param name="figures">Each maps a design (chip, process, prices, service) to a figure.</param>
    /// <param name="draws">Number of draws, at least 20.</param>
    /// <param name="seed">Seed; the same seed gives the same intervals.</param>
    public IReadOnlyList<UncertaintyRange> Intervals(IReadOnlyList<Func<DesignDraw, double>> figures, int draws = 1000, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 20);
        var samples = figures.Select(_ => new double[draws]).ToArray();
        Sample(draws, seed, (d, design) =>
        {
            for (var f = 0; f < samples.Length; f++)
                samples[f][d] = figures[f](design);
        });
        var best = BestEstimate();
        return [.. figures.Select((figure, f) => Spread(figure(best), samples[f]))];
    }

    /// <summary>A figure with some constants at other values and the calibration fitted again; without any, the best estimate.</summary>
    /// <param name="figure">Figure.</param>
    /// <param name="values">Values by path of <see cref="Constants"/>.</param>
    public double At(FigureDefinition figure, IReadOnlyDictionary<string, double> values) => figure.Read(Moved(values).Figures());

    /// <summary>The explanations of the published chip's behaviour in service that a figure's interval mixes, each with the figure under it
    /// alone; empty where the figure does not depend on them.</summary>
    /// <param name="read">Reads the figure from a design.</param>
    public IReadOnlyList<HypothesisEffect> Hypotheses(Func<DesignDraw, double> read)
    {
        if (_readings is null)
            return [];
        var best = read(BestEstimate());
        HypothesisEffect[] all =
        [
            .. _readings
                .Alone()
                .Select(h => new HypothesisEffect(
                    h.Name,
                    h.Weight,
                    read(new DesignDraw(_chip, _technology, _prices, _service, _work, h.Reading)),
                    h.Statement
                )),
        ];
        return all.Any(h => Math.Abs(h.Value - best) > LeastSwing * Math.Abs(best)) ? all : [];
    }

    /// <summary>Formula, inputs and constants of a figure.</summary>
    public Explanation Explain(FigureDefinition figure)
    {
        var (formula, inputs) =
            _chip.Patches is not null && figure.OfPatches is { } ofPatches ? ofPatches : (figure.Formula, figure.Inputs);
        return Explain(figure.Key, figure.Unit, formula, inputs, d => figure.Read(d.Figures())) with { Basis = BasisOf(figure) };
    }

    /// <summary>The same for any quantity of the design point.</summary>
    /// <param name="key">Key.</param>
    /// <param name="unit">Unit.</param>
    /// <param name="formula">Formula in the words of the inputs.</param>
    /// <param name="inputs">Figures and intermediate results that it uses.</param>
    /// <param name="read">Reads it from a design.</param>
    public Explanation Explain(string key, string unit, string formula, IReadOnlyList<FigureInput> inputs, Func<DesignDraw, double> read)
    {
        var details = ChipEvaluation.Explain(_chip, _technology, _prices, _service);
        var swings = Constants.Select(c => new Sensitivity(
            c.Path,
            c.Constant,
            read(Moved(c.Path, c.Constant.Low)),
            read(Moved(c.Path, c.Constant.High))
        ));
        return new Explanation(
            key,
            unit,
            formula,
            read(BestEstimate()),
            [.. inputs.Select(i => (i.Key, i.Read(details), i.Unit))],
            [.. Widest(swings)]
        )
        {
            Hypotheses = Hypotheses(read),
        };
    }

    // Constants that move the figure at all, widest swing first.
    private static IEnumerable<Sensitivity> Widest(IEnumerable<Sensitivity> swings) =>
        swings
            .Where(s => s.Swing > LeastSwing * Math.Max(Math.Abs(s.AtLow), Math.Abs(s.AtHigh)))
            .OrderByDescending(s => s.Swing)
            .ThenBy(s => s.Path, StringComparer.Ordinal);

    private static UncertaintyRange Spread(double value, double[] samples)
    {
        Array.Sort(samples);
        return new UncertaintyRange(
            value,
            Math.Min(value, samples[(int)(0.05 * samples.Length)]),
            Math.Max(value, samples[Math.Min(samples.Length - 1, (int)(0.95 * samples.Length))])
        );
    }

    private static IEnumerable<Sensitivity> Tornado(
        FigureDefinition figure,
        IReadOnlyList<(string Path, Constant Constant, ChipFigures Low, ChipFigures High)> swings
    ) => Widest(swings.Select(s => new Sensitivity(s.Path, s.Constant, figure.Read(s.Low), figure.Read(s.High))));

    private List<(string Path, Constant Constant, ChipFigures Low, ChipFigures High)> Swings() =>
        [.. Constants.Select(c => (c.Path, c.Constant, At(c.Path, c.Constant.Low), At(c.Path, c.Constant.High)))];

    private ChipFigures At(string path, double value) => Moved(path, value).Figures();

    private DesignDraw Moved(string path, double value) => Moved(new Dictionary<string, double>(StringComparer.Ordinal) { [path] = value });

    private DesignDraw Moved(IReadOnlyDictionary<string, double> values) => Design(_constants.At(values));

    private DesignDraw Design(ConstantDraw draw, ServiceReading? reading = null) =>
        new(_chip with { Fabric = draw.Of(_chip.Fabric) }, draw.Technology, draw.Prices, _service, _work, reading);

    private DesignDraw[] Designs(int draws, ulong seed)
    {
        var readings = _readings?.Draw(draws, seed);
        return [.. _constants.Of(draws, seed).Select((draw, d) => Design(draw, readings?[d]))];
    }

    private void Sample(int draws, ulong seed, Action<int, DesignDraw> take)
    {
        // A report asks for many figures of the same draws; finding them costs more than reading them.
        if (_drawn.Designs is null || _drawn.Seed != seed || _drawn.Designs.Length != draws)
            _drawn = (seed, Designs(draws, seed));
        for (var d = 0; d < draws; d++)
            take(d, _drawn.Designs[d]);
    }
}
