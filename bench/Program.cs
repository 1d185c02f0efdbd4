using System.Globalization;
using TaalasSim.Bench.Engine;
using TaalasSim.Bench.Figures;
using TaalasSim.Bench.Kernels;
using TaalasSim.Bench.Models;
using TaalasSim.Bench.Sweeps;
using TaalasSim.ChipModel.Files;

try
{
    return args switch
    {
        ["kernels", .. var rest] => Kernels(rest),
        ["engine", .. var rest] => Engine(rest),
        ["sweep", .. var rest] => Sweep(rest),
        ["serve", .. var rest] => Serve(rest),
        ["traces", .. var rest] => Traces(rest),
        ["gguf", var folder, .. var rest] => Models(folder, rest),
        ["speed" or "memory" or "startup" or "all", ..] => Figures(args),
        _ => Usage(),
    };
}
catch (InputException e)
{
    Console.Error.WriteLine($"bench: {e.Message}");
    return 2;
}

static int Figures(string[] args)
{
    FigureReport.Run(FigureOptions.Parse(args));
    return 0;
}

static int Engine(string[] args)
{
    EngineSpeed.Run(args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 7);
    return 0;
}

static int Serve(string[] args)
{
    const int tokens = 128;
    ServerOverhead.Run(FigureOptions.Parse(["speed", .. args]), tokens);
    return 0;
}

static int Sweep(string[] args)
{
    SweepSpeed.Run(args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000);
    return 0;
}

static int Traces(string[] args)
{
    TraceSpeed.Run(args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1000);
    return 0;
}

static int Kernels(string[] args)
{
    var at = Array.IndexOf(args, "--simd");
    if (at == args.Length - 1 && at >= 0)
        throw new InputException("--simd: needs a level");
    var simd = at >= 0 ? args[at + 1] : null;
    string[] rest = at >= 0 ? [.. args[..at], .. args[(at + 2)..]] : args;
    var threads = rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 2;
    KernelSpeed.Run(threads, rest.Length > 1 ? rest[1..] : ["q8_0", "q4_0", "q4_k", "q6_k", "f16"], simd);
    return 0;
}

static int Models(string folder, string[] args)
{
    var shape = LlamaShape.All.FirstOrDefault(s => args.Contains(s.Name)) ?? LlamaShape.Small;
    var types = LlamaTensors.FileTypes.Intersect(args).ToArray();
    foreach (var type in types.Length > 0 ? types : [.. LlamaTensors.FileTypes])
        Console.WriteLine(LlamaShapedModel.InFolder(folder, shape, type));
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine(
        """
        usage: dotnet run -c Release --project bench -- COMMAND
          kernels [THREADS [FORMAT…]] [--simd LEVEL]  products of random codes, stream bandwidth and byte-dot peak
          engine [RUNS]                               events per second, time per token and memory of the event engine
          sweep [POINTS]                              a design point; sweeps without draws and with 60, tables included
          traces [CONFIGURATIONS]                     traces of a thousand requests on a chip, a GPU and a pair
          serve [OPTION…]                             one stream with the server and without; options as below
          gguf FOLDER [small|medium|large|mixture] [TYPE…]    write seeded Llama-shaped models (f16, q8_0, q4_0, q4_k_m)
          speed memory startup | all [OPTION…]        the figures of docs/performance.md
            --peer PATH        a llama-bench program, measured turn by turn with ours
            --threads 1,2      --formats q8_0,q4_0,q4_k_m      --repeat 5      --json
            --models medium    models of memory and startup: small, medium (1.2 GB), large (5 GB)
            --cache FOLDER     where models and images are kept (taalas-bench in the temporary folder)
        """
    );
    return 2;
}
