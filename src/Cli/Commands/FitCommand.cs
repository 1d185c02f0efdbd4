using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Fit;
using TaalasSim.Compiler.Import;
using TaalasSim.Compiler.Quantize;
using TaalasSim.Compiler.Steps;

namespace TaalasSim.Cli.Commands;

/// <summary><c>fit MODEL</c>: does it fit, what binds, and what would make it fit.</summary>
internal sealed class FitCommand
{
    /// <summary>Tokens that a user is taken to need when nothing is said.</summary>
    private const int UsualContext = 1024;

    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly FabricChoice _fabric = FabricChoice.SmallFirst();
    private readonly Option<string?> _weights = CommonOptions.Weights();
    private readonly NumberOption<int> _chips = CommonOptions.Chips();
    private readonly NumberOption<int> _context = CommonOptions.Context($"{UsualContext}, or as much as the chip holds");
    private readonly WeightChoiceOptions _choice = new();
    private readonly Option<string[]> _lora = CommonOptions.AdapterInSram();
    private readonly NumberOption<int> _users = new(Ranges.Users, 1, "Users at once.", "--users");
    private readonly Option<string?> _explain = CommonOptions.Explain();
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        var self = new FitCommand();
        var command = new Command(
            "fit",
            "Check whether a model fits a fabric, and show the use of every resource. Example: ./taalas fit llama-3.1-8b --fabric hc1"
        )
        {
            self._model,
            self._fabric.Option,
            self._weights,
            self._chips,
            self._context,
            self._users,
            self._lora,
            self._explain,
            self._json,
        };
        self._choice.AddTo(command);
        command.SetAction((parsed, cancel) => Task.FromResult(self.Run(parsed, cancel)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancel)
    {
        using var source = ModelInput.Open(parsed.GetRequiredValue(_model), cancel);
        var spec = _fabric.For(parsed, source.Path, parsed.GetValue(_weights), parsed.GetValue(_chips));
        var format = parsed.GetValue(_weights) ?? spec.DefaultWeights;
        _choice.Check(parsed, format);
        using var adapters = new AdapterInput(parsed.GetValue(_lora)!, source.Path, cancel);
        var (name, tokens, held) = (source.Path, parsed.GetValue(_context), parsed.GetValue(_users));
        var options = new CompileOptions
        {
            Fabric = spec,
            Weights = format,
            Sram = adapters.Files,
            Context = tokens,
            UsualContext = UsualContext,
            Users = held,
            Technology = ChipsFolder.Library.Technology(spec.Technology),
        };
        var report = Measure(name, options, line => _choice.Choose(parsed, name, spec, format, [], line, cancel));
        if (parsed.GetValue(_explain) is { } field)
        {
            ExplanationOutput.Write(FitExplanation.Of(report, field), parsed.GetValue(_json));
            return ExitCode.Done;
        }

        return parsed.GetValue(_json) ? PrintJson(report, spec, DieAreaRange.Of(spec, name, parsed.GetValue(_weights))) : Print(report);
    }

    /// <summary>Prints a report for people and gives the exit code.</summary>
    public static int Print(FitReport report)
    {
        Console.Out.WriteLine(
            report.Fits
                ? $"fits; {report.Binding.Name} binds at {report.Binding.Share * 100:0.0} %"
                : $"does not fit: {report.Binding.Name} at {report.Binding.Share * 100:0.0} % of what the fabric has"
        );
        var table = new TextTable().Words("").Numbers("needed").Numbers("available").Numbers("share").Words("");
        foreach (var r in report.Resources)
            table.Row(
                r.Name,
                MeasureText.Of(r.Used, r.Unit),
                MeasureText.Of(r.Available, r.Unit),
                string.Create(CultureInfo.InvariantCulture, $"{r.Share * 100:0.0} %"),
                $"{MeasureText.Of(Math.Abs(r.Left), r.Unit)} {(r.Left >= 0 ? "left" : "missing")}"
            );
        table.Write(Console.Out);
        foreach (var room in report.HeadRoom)
            Console.Out.WriteLine($"  room for {room}");
        foreach (var change in report.Changes)
            Console.Out.WriteLine($"  would fit with {change}");
        return report.Fits ? ExitCode.Done : ExitCode.No;
    }

    /// <summary>Prints a report as JSON and gives the exit code.</summary>
    public static int PrintJson(FitReport report, FabricSpec fabric, UncertaintyRange? dieAreaMm2 = null)
    {
        Json.Write(
            new
            {
                report.Fits,
                Fabric = fabric.Name,
                Binding = report.Binding.Name,
                // Of one die; the interval is that of the process constants.
                DieAreaMm2 = dieAreaMm2,
                report.Resources,
                report.Changes,
                report.HeadRoom,
            }
        );
        return report.Fits ? ExitCode.Done : ExitCode.No;
    }

    private static FitReport Measure(string name, CompileOptions options, Func<ProgressLine, WeightPlan?> choose)
    {
        if (ChipsFolder.Library.IsShape(name))
            RefuseWhatAShapeLacks(name, options);
        using var line = new ProgressLine();
        using var model = ChipsFolder.Library.Open(name, options);
        // What compile refuses does not fit.
        if (model.File is { } file)
            _ = OpenTokenizer.Of(file.File);
        var planned = model.File is null ? model : model with { Options = options with { Plan = choose(line) } };
        return CompilerSteps.Run<FittedDesign>(planned).Fit;
    }

    private static void RefuseWhatAShapeLacks(string name, CompileOptions options)
    {
        if (options.Weights == ChooseWeightBits.Auto)
            throw new InputException(
                $"--weights {ChooseWeightBits.Auto} measures the model's weights: give a GGUF file instead of the shape {name}"
            );
        if (options.Sram.Count > 0)
            throw new InputException($"--lora-sram needs the model that the adapter is for: give a GGUF file instead of the shape {name}");
    }
}
