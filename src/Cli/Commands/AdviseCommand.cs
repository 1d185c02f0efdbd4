using System.CommandLine;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Reports.Advice;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Traces;

namespace TaalasSim.Cli.Commands;

/// <summary><c>advise MODEL</c>: chip, GPUs, computers and APIs ranked for a traffic.</summary>
internal sealed class AdviseCommand
{
    private readonly Argument<string> _model = new("MODEL")
    {
        Description =
            "The name of a shape in chips/models, hf:USER/NAME or a folder with config.json (weights are not needed), or a GGUF file.",
    };
    private readonly TrafficOptions _traffic = new();
    private readonly NumberOption<int> _users = new(
        Ranges.AskingUsers,
        0,
        "Users who each send a request every --every seconds.",
        "--users"
    );
    private readonly NumberOption<double> _every = new(Ranges.Seconds, 60, "Seconds between two requests of a user.", "--every");
    private readonly OptionalNumberOption<double> _firstToken = new(Ranges.Limit, "Limit of TTFT p99, ms.", "--max-ttft-ms");
    private readonly OptionalNumberOption<double> _perToken = new(Ranges.Limit, "Limit of TPOT p99, ms.", "--max-tpot-ms");
    private readonly OptionalNumberOption<double> _watts = new(Ranges.Limit, "Limit of the mean power of all systems, W.", "--max-watts");
    private readonly OptionalNumberOption<double> _usd = new(Ranges.Limit, "Limit of the cost of a month, USD.", "--max-usd-per-month");
    private readonly Option<string?> _gpus = new("--gpus")
    {
        Description = "GPUs and computers, comma-separated NAME[:ENGINE[:WEIGHTS[:CARDS]]]; not given, all of chips/gpus.",
        HelpName = "h200,…",
    };
    private readonly Option<string?> _fabric = FabricChoice.Published().Option;
    private readonly Option<string?> _weights = CommonOptions.Weights();
    private readonly Option<string?> _quality = new("--quality")
    {
        Description = "Table that curve wrote for this model on the chip's fabric: the quality of its widths.",
        HelpName = "FILE",
    };
    private readonly EnumChoice<AdviceRank> _rank = new("--rank-by", "What to rank by", "KEY");
    private readonly NumberOption<int> _threads = CommonOptions.Threads();
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        var self = new AdviseCommand();
        var command = new Command(
            "advise",
            "Rank a hard-wired chip, GPUs, computers and API prices for a traffic, within limits. "
                + "Example: ./taalas advise llama-3.1-8b --users 500 --every 30 --output-tokens 250 --max-ttft-ms 500"
        );
        command.Arguments.Add(self._model);
        self._traffic.AddGeneratedTo(command);
        foreach (
            var option in new Option[]
            {
                self._users,
                self._every,
                self._firstToken,
                self._perToken,
                self._watts,
                self._usd,
                self._gpus,
                self._fabric,
                self._weights,
                self._quality,
                self._rank,
                self._threads,
                self._json,
            }
        )
            command.Options.Add(option);
        command.SetAction((parsed, cancel) => Task.FromResult(self.Run(parsed, cancel)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancel)
    {
        var shape = ShapeInput.Of(parsed.GetRequiredValue(_model), cancel);
        var question = new AdviceQuestion
        {
            Traffic = Traffic(parsed, shape),
            Limits = new AdviceLimits
            {
                FirstTokenMs = parsed.GetValue(_firstToken) ?? double.PositiveInfinity,
                PerTokenMs = parsed.GetValue(_perToken) ?? double.PositiveInfinity,
                Watts = parsed.GetValue(_watts) ?? double.PositiveInfinity,
                UsdPerMonth = parsed.GetValue(_usd) ?? double.PositiveInfinity,
            },
            Gpus = parsed.GetValue(_gpus) is { } list ? CommonOptions.Gpus(list, 1, _gpus.Name) : ChipsFolder.Library.Names("gpus"),
            Fabric = parsed.GetValue(_fabric) ?? "hc1",
            Weights = parsed.GetValue(_weights),
            Quality = parsed.GetValue(_quality),
            Rank = _rank.Of(parsed),
            Threads = CommonOptions.HostThreads(parsed.GetValue(_threads)),
        };
        AdviceReport report;
        using (var line = new ProgressLine())
            report = BuildAdvice.Of(
                ChipsFolder.Library,
                shape,
                question,
                PriceTerms.Of(ChipsFolder.Library),
                line.Of("Serve the traffic"),
                cancel
            );
        if (parsed.GetValue(_json))
            Json.Write(AdviceOutput.Document(report));
        else
            AdviceOutput.Write(report, Console.Out);
        return report.Rows.Any(r => r.Unavailable.Length == 0 && r.Broken.Count == 0) ? ExitCode.Done : ExitCode.No;
    }

    private TrafficSpec Traffic(ParseResult parsed, ModelShape shape)
    {
        var traffic = _traffic.Generated(parsed, shape);
        if (traffic.Count > 1)
            throw new InputException("--rate: advise takes one rate; compare several loads with ./taalas replay");
        var users = parsed.GetValue(_users);
        if (users == 0)
            return parsed.GetResult(_every) is { Implicit: false }
                ? throw new InputException("--every: belongs to --users; give that, too")
                : traffic[0];
        return _traffic.HasRate(parsed)
            ? throw new InputException("--users: give users or --rate, not both")
            : traffic[0] with
            {
                RequestsPerSecond = users / parsed.GetValue(_every),
            };
    }
}
