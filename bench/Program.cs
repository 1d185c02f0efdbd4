using System.Globalization;
using TaalasSim.Bench.Kernels;
using TaalasSim.Bench.Models;

return args switch
{
    ["kernels", .. var rest] => Kernels(rest),
    ["gguf", var folder, .. var rest] => Models(folder, rest),
    _ => Usage(),
};

static int Kernels(string[] args)
{
    var threads = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 2;
    KernelSpeed.Run(threads, args.Length > 1 ? args[1..] : ["q8_0", "q4_0", "q4_k", "q6_k", "f16"]);
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
          kernels [THREADS [FORMAT…]]                 products of random codes, stream bandwidth and byte-dot peak
          gguf FOLDER [small|medium|large] [TYPE…]    write seeded Llama-shaped models (f16, q8_0, q4_0, q4_k_m)
        """);
    return 2;
}
