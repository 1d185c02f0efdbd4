// Compiles the embedded model into a chip image and generates text through the driver of the simulated card.
// Usage: dotnet run --project samples/Tokens [chips folder] [output folder]
using System.Globalization;
using TaalasSim.Compiler.Steps;
using TaalasSim.Reports.Compare;
using TaalasSim.Runtime.Card.Device;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Engine;
using TaalasSim.Runtime.Host.Generate;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var chips = args.Length > 0 ? args[0] : "chips";
var library = new DesignLibrary(chips);
var image = Path.Combine(Directory.CreateDirectory(args.Length > 1 ? args[1] : "out/samples").FullName, "stories.chip");
var (fabric, weights) = (library.Fabric("demo"), "rom4");
var compile = new CompileOptions { Fabric = fabric, Weights = weights };
CompileModel.ToImage(Path.Combine(chips, "demo", "stories.gguf"), image, compile);

using var host = SimulatedHost.PowerOn(
    image,
    kernels: chip => KernelBackends.Create("simd", Numerics.Reference, HardwareNumerics.Of(chip.Fabric), Environment.ProcessorCount),
    timing: chip => new AnalyticPassTiming(chip.Plan(), library.Technology(chip.Fabric.Technology)),
    context: 0,
    options: chip => new CardOptions { Link = new LatencyModel(chip.Fabric.Card, library.HostLink("pcie"), LatencyMode.Typical) }
);
var prompt = host.Tokenizer.Encode("Once upon a time", addSpecial: true, parseSpecial: false);
var request = new GenerationRequest { MaximumTokens = 16, Sampler = new SamplerSettings() };
var answer = host.Generate(prompt, request);
Console.WriteLine(host.Tokenizer.Decode([.. answer.Tokens]));
Console.WriteLine($"simulated {answer.DecodeSeconds * 1e6:0.0} µs for {answer.Tokens.Count} tokens, {answer.Joules * 1e3:0.000} mJ");
