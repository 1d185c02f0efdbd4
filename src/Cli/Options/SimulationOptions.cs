using System.CommandLine;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Signatures;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Compiler.Import;
using TaalasSim.Runtime.Card.Device;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Engine;
using TaalasSim.Runtime.Host.Generate;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Cli.Options;

/// <summary>Options of every command that runs a chip: numerics, backend, timing, context and link.</summary>
internal sealed class SimulationOptions
{
    private readonly Option<string> _numerics = Choice(
        "--numerics",
        "Arithmetic: reference (llama.cpp's scalar path, bit for bit) or hardware (the fabric's own).",
        "reference",
        "hardware"
    );
    private readonly NumberOption<int> _threads = CommonOptions.Threads();
    private readonly NumberOption<int> _context = new(
        Ranges.LengthOrNone,
        0,
        "Context length of the run (0: the most that the chip holds).",
        "--context"
    );
    private readonly Option<string> _backend = Choice(
        "--backend",
        "Kernels: simd (this CPU), auto (the fastest in a short measurement), or an ILGPU device.",
        KernelBackends.Simd,
        KernelBackends.Auto,
        KernelBackends.IlgpuCpu,
        KernelBackends.IlgpuOpenCl,
        KernelBackends.IlgpuCuda
    );
    private readonly Option<string?> _simd = new("--simd")
    {
        Description =
            "Instruction set of --backend simd: portable, avx2, avx2-vnni, avx512 or avx512-vnni (the fastest that this CPU has).",
        HelpName = "LEVEL",
    };
    private readonly Option<string> _timing = Choice(
        "--timing",
        "Cycles from the closed form or from the event engine, which simulates every pass with contention.",
        "analytic",
        "event"
    );
    private readonly Option<string> _latency = Choice("--latency", "Host link: typical, worst or none.", "typical", "worst", "none");

    private readonly Option<string[]> _trust = new("--trust")
    {
        Description = "Run only images that one of these public keys signed; may be given several times.",
        HelpName = "KEYS",
        DefaultValueFactory = _ => [],
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_threads);
        AddWithoutThreadsTo(command);
    }

    /// <summary>Adds the options to a command that takes numbers of threads in its own way.</summary>
    public void AddWithoutThreadsTo(Command command)
    {
        command.Options.Add(_numerics);
        command.Options.Add(_backend);
        command.Options.Add(_simd);
        command.Options.Add(_context);
        command.Options.Add(_timing);
        command.Options.Add(_latency);
        command.Options.Add(_trust);
    }

    /// <summary>Adds the options to a command with a context option of its own.</summary>
    public void AddWithoutContextTo(Command command)
    {
        command.Options.Add(_threads);
        command.Options.Add(_numerics);
        command.Options.Add(_backend);
        command.Options.Add(_timing);
        command.Options.Add(_latency);
        command.Options.Add(_trust);
    }

    /// <summary>Adds only the options of the arithmetic, for commands that run the kernels without a card.</summary>
    public void AddKernelsTo(Command command)
    {
        command.Options.Add(_numerics);
        command.Options.Add(_backend);
        command.Options.Add(_simd);
        command.Options.Add(_threads);
    }

    /// <summary>Arithmetic that was asked for.</summary>
    public Numerics NumericsOf(ParseResult parsed) => parsed.GetValue(_numerics) == "hardware" ? Numerics.Hardware : Numerics.Reference;

    /// <summary>Context length that was asked for; 0 for the most that the chip holds.</summary>
    public int ContextOf(ParseResult parsed) => parsed.GetValue(_context);

    /// <summary>Host threads.</summary>
    public int ThreadsOf(ParseResult parsed) => CommonOptions.HostThreads(parsed.GetValue(_threads));

    /// <summary>The chosen backend for a chip's fabric.</summary>
    public IKernelSet KernelsOf(ParseResult parsed, ChipDescription chip, Numerics numerics, int threads) =>
        KernelBackends.Create(parsed.GetValue(_backend)!, numerics, HardwareNumerics.Of(chip.Fabric), threads, parsed.GetValue(_simd));

    /// <summary>The chosen backend in reference numerics, for weights without a fabric.</summary>
    public IKernelSet KernelsOf(ParseResult parsed, int threads) =>
        KernelBackends.Create(parsed.GetValue(_backend)!, Numerics.Reference, null, threads, parsed.GetValue(_simd));

    /// <summary>Powers a machine on with the chosen options.</summary>
    public SimulatedHost PowerOn(ParseResult parsed, string chip, CancellationToken cancel) =>
        PowerOn(parsed, chip, ThreadsOf(parsed), cancel);

    /// <summary>Powers a machine on with the chosen options and that many host threads.</summary>
    public SimulatedHost PowerOn(ParseResult parsed, string chip, int threads, CancellationToken cancel)
    {
        return PowerOn(parsed, chip, threads, parsed.GetValue(_context), card => card, cancel);
    }

    /// <summary>Powers a machine on with the chosen options, that many host threads, a context and a changed card.</summary>
    public SimulatedHost PowerOn(
        ParseResult parsed,
        string chip,
        int threads,
        int context,
        Func<CardOptions, CardOptions> change,
        CancellationToken cancel
    )
    {
        var numerics = NumericsOf(parsed);
        TechnologySpec? technology = null;
        TechnologySpec TechnologyOf(ChipDescription d) => technology ??= ChipsFolder.Library.Technology(d.Fabric.Technology);
        var latency = Enum.Parse<LatencyMode>(parsed.GetValue(_latency)!, ignoreCase: true);
        return SimulatedHost.PowerOn(
            chip,
            d => KernelsOf(parsed, d, numerics, threads),
            d => Timing(parsed.GetValue(_timing)!, d, TechnologyOf(d)),
            context,
            d => change(Card(d, TechnologyOf(d), latency)),
            TrustedOf(parsed),
            cancel
        );
    }

    /// <summary>Refuses what was chosen when the card was powered on elsewhere.</summary>
    /// <exception cref="InputException">One of the options was given.</exception>
    public void RefuseBeside(ParseResult parsed, string option)
    {
        foreach (var own in (Option[])[_numerics, _threads, _context, _backend, _simd, _timing, _latency, _trust])
            if (parsed.GetResult(own) is { Implicit: false })
                throw new InputException($"{own.Name} belongs to 'device start'; leave it out beside {option}");
    }

    /// <summary>Keys that must have signed the image; null when any image runs.</summary>
    public TrustedKeys? TrustedOf(ParseResult parsed) => parsed.GetValue(_trust) is { Length: > 0 } files ? TrustedKeys.Read(files) : null;

    /// <summary>Opens a chip as <c>run</c> does without options, and its chat templates: what a new image must stand.</summary>
    /// <exception cref="InputException">It could not be run.</exception>
    public static void TryOpen(string chip, CancellationToken cancel)
    {
        TechnologySpec? technology = null;
        TechnologySpec TechnologyOf(ChipDescription d) => technology ??= ChipsFolder.Library.Technology(d.Fabric.Technology);
        using var host = SimulatedHost.PowerOn(
            chip,
            d => KernelBackends.Create(KernelBackends.Simd, Numerics.Reference, HardwareNumerics.Of(d.Fabric), Environment.ProcessorCount),
            d => Timing("analytic", d, TechnologyOf(d)),
            context: 0,
            d => Card(d, TechnologyOf(d), LatencyMode.Typical),
            cancel: cancel
        );
        host.AwaitCheck(cancel);
        OpenTokenizer.Check(host.Tokenizer);
    }

    private static CardOptions Card(ChipDescription chip, TechnologySpec technology, LatencyMode latency)
    {
        var plan = chip.Plan();
        var energy = new PassEnergy(plan, technology, BuildTokenSchedule.From(plan));
        return new CardOptions
        {
            IdleWatts = energy.IdleWatts,
            Cooling = CardCooling.Of(ChipsFolder.Library.Cooling("air"), technology.Thermal, energy.DieMm2, energy.IdleDieWatts),
            Kilohertz = (int)(chip.Fabric.ClockGhz * 1e6),
            Link = new LatencyModel(chip.Fabric.Card, ChipsFolder.Library.HostLink("pcie"), latency),
        };
    }

    private static IPassTiming Timing(string name, ChipDescription chip, TechnologySpec technology) =>
        name == "event" ? new EventPassTiming(chip.Plan(), technology) : new AnalyticPassTiming(chip.Plan(), technology);

    private static Option<string> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            DefaultValueFactory = _ => values[0],
            HelpName = string.Join('|', values),
        };
        option.AcceptOneOf(values);
        return option;
    }
}
