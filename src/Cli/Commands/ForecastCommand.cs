using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.TimesFm;
using TaalasSim.Reports.Charts;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Forecast;
using TaalasSim.Runtime.Host.Driver;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Cli.Commands;

/// <summary><c>forecast MODEL</c>: how a series of numbers continues, with quantiles.</summary>
internal sealed class ForecastCommand
{
    /// <summary>Known points that a picture has at least; otherwise three times the forecast ones, so that the fan has a quarter.</summary>
    private const int LeastKnown = 48;

    private readonly Argument<string> _model = new("MODEL")
    {
        Description = "Chip image of a TimesFM 2.5 model, the folder with its model.safetensors, or that file.",
    };
    private readonly Option<string?> _request = new("--request")
    {
        Description = "JSON file with series (null where a value is missing), horizon, and perhaps config and mask.",
        HelpName = "FILE",
    };
    private readonly Option<string?> _csv = new("--csv")
    {
        Description = "CSV file with the series in a column, the oldest value first; an empty cell is a missing value.",
        HelpName = "FILE",
    };
    private readonly Option<string?> _column = new("--column")
    {
        Description = "Name or number of the column of --csv; default: the only one that holds numbers.",
        HelpName = "NAME",
    };
    private readonly NumberOption<int> _horizon = new(Ranges.LengthOrNone, 0, "Points to forecast, with --csv.", "--horizon");
    private readonly NumberOption<int> _holdout = new(
        Ranges.LengthOrNone,
        0,
        "Hold out the last points of --csv, forecast them and score the forecast beside those of no model.",
        "--holdout"
    );
    private readonly NumberOption<int> _season = new(Ranges.Length, 1, "Points of a season, for the scores of --holdout.", "--season");
    private readonly Option<string[]> _set = new("--set")
    {
        Description = $"Set a key of the configuration: {string.Join(", ", ForecastConfigKeys.All)}; may be given several times.",
        HelpName = "KEY=VALUE",
        DefaultValueFactory = _ => [],
    };
    private readonly Option<string?> _baseline = new("--baseline")
    {
        Description = "Report how far the forecast is from that of this folder of weights, in standard deviations.",
        HelpName = "FOLDER",
    };
    private readonly Option<string?> _plot = new OutputOption<string?>("--plot")
    {
        Description = "Draw the series and its forecast, with its quantiles as a fan, into this .svg or .png file.",
        HelpName = "FILE",
    };
    private readonly SimulationOptions _simulation = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        var self = new ForecastCommand();
        var command = new Command(
            "forecast",
            "Forecast a series of numbers with TimesFM 2.5. Example: ./taalas forecast timesfm-2.5-200m --csv sales.csv --horizon 30"
        )
        {
            self._model,
            self._request,
            self._csv,
            self._column,
            self._horizon,
            self._holdout,
            self._season,
            self._set,
            self._baseline,
            self._plot,
            self._json,
        };
        self._simulation.AddKernelsTo(command);
        command.SetAction((parsed, cancel) => Task.FromResult(self.Run(parsed, cancel)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancel)
    {
        var path = parsed.GetRequiredValue(_model);
        using var model = ForecastModel.Open(path, cancel);
        var (request, backtest) = RequestOf(parsed, model.Sizes);
        // A fault of the request is told before the weights are read.
        CheckPlot(parsed.GetValue(_plot), request);
        ForecastWindow.Of(model.Sizes, request.Config, request.Horizon);
        using var baseline = parsed.GetValue(_baseline) is { } other ? ForecastModel.Open(other, cancel) : null;
        if (baseline is not null && baseline.Sizes with { ContextLimit = model.Sizes.ContextLimit } != model.Sizes)
            throw new InputException("--baseline: the model has other sizes; give the folder that the chip was compiled from");
        var forecaster = model.Load(parsed, _simulation, _simulation.NumericsOf(parsed), cancel);
        var watch = Stopwatch.StartNew();
        var forecasts = Finite(forecaster.Run(request, cancel));
        var seconds = watch.Elapsed.TotalSeconds;
        ForecastError? error = baseline is null
            ? null
            : ForecastError.Of(forecasts, Finite(baseline.Load(parsed, _simulation, Numerics.Reference, cancel).Run(request, cancel)));
        if (parsed.GetValue(_plot) is { } picture)
            Draw(picture, parsed.GetValue(_csv) ?? parsed.GetValue(_request)!, request.Series[0], forecasts[0]);
        var answer = new Answer(
            path,
            request,
            forecasts,
            Simulated(model, request, forecasts),
            error,
            backtest?.Scores(forecasts[0]),
            new HostTime(model.Kernels!.Name, seconds)
        );
        if (parsed.GetValue(_json))
            PrintJson(answer);
        else
            Print(answer);
        return ExitCode.Done;
    }

    // One for each series; none for a folder of weights, which is no chip.
    private static IReadOnlyList<SimulatedForecast> Simulated(
        ForecastModel model,
        ForecastRequest request,
        IReadOnlyList<SeriesForecast> forecasts
    )
    {
        if (model.Chip is not { } chip)
            return [];
        var (plan, technology) = (chip.Plan(), ChipsFolder.Library.Technology(chip.Fabric.Technology));
        var decoded = ForecastWindow.Of(model.Sizes, request.Config, request.Horizon).Horizon;
        return
        [
            .. forecasts.Select(f => SimulatedForecast.Of(plan, technology, f.ContextPoints, decoded, request.Config.ForceFlipInvariance)),
        ];
    }

    private static IReadOnlyList<SeriesForecast> Finite(IReadOnlyList<SeriesForecast> forecasts) =>
        forecasts.All(f => f.IsFinite)
            ? forecasts
            : throw new DriverException(StatusCode.NotANumber, "the forecast holds something that is not a finite number");

    private (ForecastRequest Request, Backtest? Backtest) RequestOf(ParseResult parsed, TimesFmSizes sizes)
    {
        var (file, csv) = (parsed.GetValue(_request), parsed.GetValue(_csv));
        if ((file is null) == (csv is null))
            throw new InputException("what should be forecast? give either --request FILE.json or --csv FILE with --horizon N");
        var (horizon, holdout, season) = (parsed.GetValue(_horizon), parsed.GetValue(_holdout), parsed.GetValue(_season));
        if (season > 1 && holdout == 0)
            throw new InputException("--season is for the scores of --holdout N; give both");
        Backtest? backtest = null;
        ForecastRequest request;
        if (file is not null)
        {
            if (horizon > 0 || holdout > 0 || parsed.GetValue(_column) is not null)
                throw new InputException("--horizon, --holdout and --column belong to --csv; a request states its own horizon");
            request = ForecastRequest.Read(file);
        }
        else
        {
            if ((horizon == 0) == (holdout == 0))
                throw new InputException(
                    "--csv: how many points should be forecast? give either --horizon N, or --holdout N to score the last N known ones"
                );
            var (series, _) = SeriesCsv.Read(csv!, parsed.GetValue(_column));
            if (holdout > 0)
            {
                (backtest, var fault) = Backtest.Of(series, holdout, season);
                series = backtest?.Known ?? throw new InputException($"{csv}: {fault}");
                horizon = holdout;
            }

            request = new ForecastRequest
            {
                Series = [series],
                Horizon = horizon,
                Config = ForecastConfig.For(sizes, series.Values.Length, horizon),
            };
        }

        return (
            parsed.GetValue(_set)!.Aggregate(request, (r, text) => r with { Config = ForecastConfigKeys.WithOption(r.Config, text) }),
            backtest
        );
    }

    private static void CheckPlot(string? plot, ForecastRequest request)
    {
        if (plot is null)
            return;
        if (!Picture.IsPictureName(plot))
            throw new InputException($"--plot {plot}: name a .svg or .png file");
        if (request.Series.Count != 1)
            throw new InputException($"--plot draws one series; the request has {request.Series.Count}");
    }

    private static void Draw(string path, string source, TimeSeries series, SeriesForecast forecast)
    {
        var to = forecast.Quantiles[forecast.BackcastPoints..];
        var known = Math.Min(series.Values.Length, Math.Max(LeastKnown, 3 * to.Length));
        using var picture = FanChart.Draw(
            new FanData
            {
                Title = $"Forecast of {to.Length} points",
                YLabel = Path.GetFileNameWithoutExtension(source),
                Known = series.Values[^known..],
                Quantiles = [.. to.Select(row => row[1..])],
            }
        );
        picture.SaveAs(path);
    }

    private static void PrintJson(Answer answer)
    {
        var (request, forecasts, simulated) = (answer.Request, answer.Forecasts, answer.Simulated);
        if (request.IsBatch)
            Json.Write(
                new
                {
                    answer.Model,
                    request.Horizon,
                    Forecasts = forecasts.Select(
                        (f, i) =>
                            new
                            {
                                f.ContextPoints,
                                f.BackcastPoints,
                                f.Point,
                                f.Quantiles,
                                Simulated = i < simulated.Count ? simulated[i] : null,
                            }
                    ),
                    answer.Error,
                    answer.Host,
                }
            );
        else
            Json.Write(
                new
                {
                    answer.Model,
                    request.Horizon,
                    forecasts[0].ContextPoints,
                    forecasts[0].BackcastPoints,
                    forecasts[0].Point,
                    forecasts[0].Quantiles,
                    answer.Error,
                    Scores = answer.Scores?.Select(s => new
                    {
                        s.Forecast,
                        s.Score.MeanAbsoluteError,
                        s.Score.RootMeanSquareError,
                        s.Score.MeanAbsoluteScaledError,
                        s.Score.QuantileLoss,
                        s.Score.InsideShare,
                    }),
                    Simulated = simulated.Count > 0 ? simulated[0] : null,
                    answer.Host,
                }
            );
    }

    private static void Print(Answer answer)
    {
        var (o, request, forecasts) = (Console.Out, answer.Request, answer.Forecasts);
        for (var i = 0; i < forecasts.Count; i++)
        {
            var forecast = forecasts[i];
            o.WriteLine(
                $"{(request.IsBatch ? $"Series {i + 1}: " : "")}{request.Horizon} points after "
                    + $"{forecast.ContextPoints} points of context, by {answer.Model}"
            );
            PrintPoints(forecast, o);
            if (i < answer.Simulated.Count)
                PrintSimulated(answer.Simulated[i], o);
        }

        if (answer.Scores is { } scores)
            PrintScores(scores, o);
        if (answer.Error is { } far)
            o.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"error {far.RootMeanSquare:G3} of the standard deviation in the mean square, {far.Largest:G3} at most"
                )
            );
        o.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{answer.Host.WallS:0.00} s on {answer.Host.Backend}"));
    }

    private static void PrintPoints(SeriesForecast forecast, TextWriter o)
    {
        var table = new TextTable().Numbers("point").Numbers("median").Numbers("mean");
        for (var q = 1; q < TimesFmSizes.Columns; q += 2)
            table.Numbers(string.Create(CultureInfo.InvariantCulture, $"{q / 10.0:0.0}"), "quantiles");
        for (var p = 0; p < forecast.Quantiles.Length; p++)
        {
            var row = forecast.Quantiles[p];
            table.Row([
                // Points of the context count backwards from 0, the last of them.
                (p - forecast.BackcastPoints + 1).ToString(CultureInfo.InvariantCulture),
                Number(row[TimesFmSizes.MedianColumn]),
                Number(row[0]),
                .. Enumerable.Range(0, 5).Select(q => Number(row[(2 * q) + 1])),
            ]);
        }

        table.Write(o);
    }

    private static void PrintSimulated(SimulatedForecast simulated, TextWriter o)
    {
        var (scale, unit) = MeasureText.Scale("J", [simulated.JoulesPerForecast]);
        o.WriteLine(
            $"on the chip: {NumberText.Count((long)Math.Round(simulated.Cycles))} cycles, "
                + $"{NumberText.Significant(simulated.ForecastUs)} µs and {NumberText.Significant(simulated.JoulesPerForecast / scale)} "
                + $"{unit} at {NumberText.Significant(simulated.Watts)} W for {simulated.ContextPatches} "
                + $"patches of context and {NumberText.Counted(simulated.Steps, "step")}, "
                + (simulated.Series == 2 ? "with the negated series" : "one series")
        );
    }

    private static void PrintScores(IReadOnlyList<(string Forecast, ForecastScore Score)> scores, TextWriter o)
    {
        var table = new TextTable()
            .Words("held out")
            .Numbers("mean abs. error")
            .Numbers("RMS error")
            .Numbers("scaled error")
            .Numbers("quantile loss")
            .Numbers("in 0.1 – 0.9");
        foreach (var (forecast, score) in scores)
            table.Row(
                forecast,
                Short(score.MeanAbsoluteError),
                Short(score.RootMeanSquareError),
                score.MeanAbsoluteScaledError is { } scaled ? Short(scaled) : "",
                Short(score.QuantileLoss),
                score.InsideShare is { } share ? $"{NumberText.Significant(100 * share)} %" : ""
            );
        table.Write(o);
    }

    private static string Short(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    // What is printed.
    private sealed record Answer(
        string Model,
        ForecastRequest Request,
        IReadOnlyList<SeriesForecast> Forecasts,
        IReadOnlyList<SimulatedForecast> Simulated,
        ForecastError? Error,
        IReadOnlyList<(string Forecast, ForecastScore Score)>? Scores,
        HostTime Host
    );

    // What ran the forecast, and for how long.
    private sealed record HostTime(string Backend, double WallS);

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
