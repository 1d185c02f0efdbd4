using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.Languages;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Compiler.Steps;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Pages;
using TaalasSim.Reports.Sweeps;

namespace TaalasSim.Reports.Live;

/// <summary>
/// A report's figures at other design points: the same code as <c>compare</c>, with placement and timetable computed again only for
/// another bank shape or weight format. Runs in a browser as well; one thread.
/// </summary>
public sealed class LiveModel : IDisposable
{
    // A timetable takes about two megabytes.
    private const int MostChips = 32;

    private readonly DesignLibrary _library;
    private readonly LiveDesign _design;
    private readonly FabricSpec _described;
    private readonly SourceModel _model;
    private readonly BoundedCache<string, Placed> _placed = new(MostChips);

    /// <summary>Opens the model of a design.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="design">Design.</param>
    public LiveModel(DesignLibrary library, LiveDesign design)
    {
        (_library, _design, _described) = (library, design, library.Fabric(design.Fabric));
        _model = library.Open(design.Model, new CompileOptions { Fabric = _described, Weights = design.Weights });
    }

    /// <summary>The point that the report was made at.</summary>
    public LivePoint Start() =>
        LivePoint.Parse(string.Join('\n', LiveControls.Of(_library, _design).Select(c => $"{c.Key}={c.Values[c.Start]}")));

    /// <summary>Figures at a point.</summary>
    /// <param name="point">Point.</param>
    /// <param name="draws">Draws behind the chip's intervals; 0 for best estimates without intervals.</param>
    /// <exception cref="InputException">There is no such chip, or it serves nobody.</exception>
    public LiveAnswer At(LivePoint point, int draws)
    {
        var changes = Changes(point);
        var placed = Place(point, changes);
        if (placed.Rows is { } rows)
            changes["sites.rows"] = LiveControls.Text(rows);
        var fabric = _library.Fabric(_design.Fabric, changes);
        var (plan, chip) = (placed.Plan with { Fabric = fabric }, placed.Chip with { Fabric = fabric });
        var prices = PriceTerms.ForComparison(_library, point.Utilisation, Prices(point));
        var service = new ServiceShape(point.InputTokens, point.OutputTokens);
        var comparison = BuildComparison.From(_library, plan, chip, prices, _design.Gpus, service, point.Users, draws);
        var study = new ChipUncertainty(chip, _library.Technology(fabric.Technology), prices, service, _library.Anchor(fabric.Technology));
        return new LiveAnswer(comparison, WhereItGoes.Of(study, chip, service, draws), Command(point, changes));
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    // Fields of the fabric that the point replaces; a value that the fabric has anyway is none, so that the described chip stays itself.
    private Dictionary<string, string> Changes(LivePoint point)
    {
        var changes = new Dictionary<string, string>(StringComparer.Ordinal);
        if (point.ClockGhz != LiveControls.Text(_described.ClockGhz))
            changes["clock_ghz"] = point.ClockGhz;
        if (point.BankRows != _described.Bank.Rows)
            changes["bank.rows"] = LiveControls.Text(point.BankRows);
        if (point.BankColumns != _described.Bank.Columns)
            changes["bank.columns"] = LiveControls.Text(point.BankColumns);
        if (!point.Technology.Equals(_described.Technology, StringComparison.OrdinalIgnoreCase))
            changes["technology"] = point.Technology;
        if (point.Weights != _design.Weights && CodeFormats.Find(point.Weights) is { } format)
        {
            // A bank is drawn for the bits of its codes.
            changes["bank.rom_bits_per_weight"] = LiveControls.Text(format.BitsPerWeight);
            changes["bank.code_bits"] = LiveControls.Text(Math.Floor(format.BitsPerWeight));
        }

        return changes;
    }

    private Dictionary<string, string> Prices(LivePoint point) =>
        point.UsdPerKwh == LiveControls.Text(_library.Prices().ElectricityUsdPerKwh)
            ? []
            : new(StringComparer.Ordinal) { ["electricity_usd_per_kwh"] = point.UsdPerKwh };

    private Placed Place(LivePoint point, Dictionary<string, string> changes)
    {
        var resized = changes.Keys.Any(k => k.StartsWith("bank.", StringComparison.Ordinal));
        return _placed.Get(FormattableString.Invariant($"{point.Weights} {point.BankRows} {point.BankColumns}"), _ =>
        {
            var fabric = _library.Fabric(_design.Fabric, changes);
            var placement = resized
                ? SmallestFabric.Place(_model, fabric, point.Weights)
                : SmallestFabric.PlaceOn(_model, fabric, point.Weights);
            if (!placement.Fits)
                throw new InputException(
                    $"the model does not fit: {placement.SitesNeeded} bank sites are needed, {placement.Plan.Sites} are there"
                );
            return new Placed(placement.Plan, EvaluationInput.Of(placement.Plan), resized ? placement.Plan.Fabric.Sites.Rows : null);
        });
    }

    private string Command(LivePoint point, Dictionary<string, string> changes)
    {
        List<string> words =
        [
            "./taalas",
            "compare",
            _design.Model,
            "--fabric",
            _design.Fabric,
            "--weights",
            point.Weights,
            "--against",
            string.Join(',', _design.Gpus),
            "--input",
            LiveControls.Text(point.InputTokens),
            "--output-tokens",
            LiveControls.Text(point.OutputTokens),
            "--users",
            LiveControls.Text(point.Users),
            "--utilisation",
            LiveControls.Text(point.Utilisation),
        ];
        foreach (var (field, value) in changes)
            words.AddRange(["--set", $"fabric.{field}={value}"]);
        foreach (var (field, value) in Prices(point))
            words.AddRange(["--set", $"prices.{field}={value}"]);
        return string.Join(' ', words.Select(ShellText.Word));
    }

    // A placed model; rows of bank sites where the fabric was sized to it.
    private sealed record Placed(ChipPlan Plan, EvaluationInput Chip, int? Rows);
}
