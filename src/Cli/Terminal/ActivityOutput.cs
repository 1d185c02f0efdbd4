using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Runtime.Activity;

namespace TaalasSim.Cli.Terminal;

/// <summary>What a run's data move in the banks and the power that follows, for people and as JSON.</summary>
internal sealed class ActivityOutput
{
    private readonly RunActivity _activity;
    private readonly EvaluationDetails _random;
    private readonly EvaluationDetails _moved;

    /// <summary>Evaluates the chip at the lengths of the run, for random data and for those of the run.</summary>
    /// <param name="chip">The chip.</param>
    /// <param name="technology">Its process.</param>
    /// <param name="prices">Prices.</param>
    /// <param name="activity">What the run moved.</param>
    /// <param name="input">Prompt tokens.</param>
    /// <param name="output">Answer tokens.</param>
    public ActivityOutput(
        ChipDescription chip,
        TechnologySpec technology,
        PriceBook prices,
        RunActivity activity,
        int input,
        int output
    )
    {
        var evaluated = EvaluationInput.Of(chip.Plan());
        var service = new ServiceShape(Math.Max(1, input), Math.Max(1, output));
        EvaluationDetails At(DataToggles data) => DataPower.Of(evaluated, technology, prices, service, data);
        (_activity, _random, _moved) = (activity, At(DataToggles.Random), At(activity.Total));
    }

    public void Write(TextWriter o)
    {
        o.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"activity   {_activity.Tokens} tokens in hardware numerics, two panels of sixteen columns of every matrix; "
                    + $"random data: 50 %"
            )
        );
        var table = new TextTable().Words("matrices").Numbers("zero weights").Numbers("zero inputs");
        table.Numbers("stored ones").Numbers("input toggles").Numbers("column toggles");
        foreach (var role in _activity.Roles)
            Row(table, Name(role.Role), Percent(role.ZeroWeights), Percent(role.ZeroActivations), role.Toggles);
        Row(table, "all", "", "", _activity.Total);
        table.Write(o);
        var power = new TextTable().Words("").Numbers("random data").Numbers("these data");
        foreach (var (part, random, moved) in Parts())
            power.Row(part, MeasureText.Of(random, "W"), MeasureText.Of(moved, "W"));
        power.Row("energy per token", Joules(_random), Joules(_moved));
        power.Write(o);
    }

    public object Document() =>
        new
        {
            _activity.Tokens,
            Matrices = _activity.Roles.Select(r => new
            {
                Role = Name(r.Role),
                r.ZeroWeights,
                r.ZeroActivations,
                r.Toggles.StoredOnes,
                r.Toggles.ActivationToggles,
                r.Toggles.ColumnToggles,
            }),
            _activity.Total.StoredOnes,
            _activity.Total.ActivationToggles,
            _activity.Total.ColumnToggles,
            Watts = _moved.Figures.Watts.Value,
            WattsOfRandomData = _random.Figures.Watts.Value,
            JoulesPerToken = _moved.Figures.JoulesPerToken.Value,
            JoulesPerTokenOfRandomData = _random.Figures.JoulesPerToken.Value,
        };

    // Parts that data move, what is left of the card, and the sum.
    private IEnumerable<(string Part, double Random, double Moved)> Parts()
    {
        foreach (var part in new[] { "rom", "columns", "products", "leakage" })
            yield return (part, Watts(_random, part), Watts(_moved, part));
        yield return ("the card", _random.Figures.Watts.Value, _moved.Figures.Watts.Value);
    }

    private static double Watts(EvaluationDetails details, string part) => details.Power.Parts.First(p => p.Part == part).Power.Value;

    private static string Joules(EvaluationDetails details) => MeasureText.Of(details.Figures.JoulesPerToken.Value, "J");

    private static void Row(TextTable table, string name, string weights, string inputs, DataToggles t) =>
        table.Row(name, weights, inputs, Percent(t.StoredOnes), Percent(t.ActivationToggles), Percent(t.ColumnToggles));

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");

    private static string Name(MatrixRole role) =>
        string.Concat(
            role.ToString().Select((c, i) => char.IsUpper(c) ? (i > 0 ? " " : "") + char.ToLowerInvariant(c) : c.ToString())
        );
}
