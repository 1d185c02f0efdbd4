using System.CommandLine;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Fit;
using TaalasSim.Reports.Traces;

namespace TaalasSim.Cli.Options;

/// <summary>Requests that a system serves: read from a file, or generated.</summary>
internal sealed class TrafficOptions
{
    private readonly RequestOptions _lengths = new();
    private readonly Option<string?> _file = new("--trace-file")
    {
        Description =
            "Requests from a CSV file with the columns arrival_seconds, prompt_tokens and answer_tokens, instead of generated ones.",
        HelpName = "FILE",
    };
    private readonly Option<string> _rates = new("--rate")
    {
        Description = "Requests a second of generated traces, comma-separated: a trace each.",
        DefaultValueFactory = _ => "1",
        HelpName = "R,…",
    };
    private readonly NumberOption<int> _requests = new(Ranges.Requests, 1000, "Requests of a generated trace.", "--requests");
    private readonly EnumChoice<ArrivalKind> _arrivals = new("--arrivals", "How generated requests arrive", "KIND");
    private readonly NumberOption<double> _burst = new(Ranges.Burst, 8, "Mean requests of a burst with --arrivals bursts.", "--burst");
    private readonly EnumChoice<LengthKind> _spread = new(
        "--lengths",
        "How lengths of generated requests spread around --input and --output-tokens",
        "KIND"
    );
    private readonly NumberOption<int> _seed = new(Ranges.TestSeed, 1, "Seed of generated traces.", "--seed");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_file);
        AddGeneratedTo(command);
    }

    /// <summary>Adds the options of generated traces alone.</summary>
    public void AddGeneratedTo(Command command)
    {
        command.Options.Add(_rates);
        command.Options.Add(_requests);
        command.Options.Add(_arrivals);
        command.Options.Add(_burst);
        _lengths.AddTo(command);
        command.Options.Add(_spread);
        command.Options.Add(_seed);
    }

    /// <summary>The traces.</summary>
    /// <exception cref="InputException">A file and options of generated traces together, or numbers out of range.</exception>
    public IReadOnlyList<RequestTrace> Of(ParseResult parsed, ChipPlan plan)
    {
        if (parsed.GetValue(_file) is { } path)
        {
            Option[] generated = [_rates, _requests, _arrivals, _burst, _spread, _seed, .. _lengths.All];
            if (generated.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } other)
                throw new InputException($"{other.Name}: belongs to generated traces; leave it out beside --trace-file");
            return [ReadTrace.From(path, plan.Model.ContextLength)];
        }

        var (input, output) = _lengths.Of(parsed, plan);
        var most = Math.Max(input + output, CheckFit.LongestContext(plan.Model, plan.Fabric, users: 1, plan.AdapterBytes));
        return [.. Generated(parsed, input, output, most).Select(GenerateTrace.Of)];
    }

    /// <summary>Whether a rate was given.</summary>
    public bool HasRate(ParseResult parsed) => parsed.GetResult(_rates) is { Implicit: false };

    /// <summary>Traffic to systems of which none is known yet, one for each rate.</summary>
    /// <exception cref="InputException">Numbers out of range, or lengths beyond the model's context.</exception>
    public IReadOnlyList<TrafficSpec> Generated(ParseResult parsed, ModelShape model)
    {
        var (input, output) = _lengths.Of(parsed, model);
        return Generated(parsed, input, output, model.ContextLength);
    }

    private TrafficSpec[] Generated(ParseResult parsed, int input, int output, int most)
    {
        var rates = NumberLists.Of<double>(_rates.Name, parsed.GetValue(_rates)!, Ranges.RequestRate);
        var arrivals = _arrivals.Of(parsed);
        if (arrivals != ArrivalKind.Bursts && parsed.GetResult(_burst) is { Implicit: false })
            throw new InputException("--burst: belongs to --arrivals bursts");
        return
        [
            .. rates.Select(rate => new TrafficSpec
            {
                RequestsPerSecond = rate,
                Requests = parsed.GetValue(_requests),
                MeanPrompt = input,
                MeanAnswer = output,
                MostTokens = most,
                Arrivals = arrivals,
                BurstRequests = parsed.GetValue(_burst),
                Lengths = _spread.Of(parsed),
                Seed = (ulong)parsed.GetValue(_seed),
            }),
        ];
    }
}
