using TaalasSim.Bench.Gpu;
using TaalasSim.Bench.Models;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Kernels.Select;

try
{
    string[] formats = args.Length > 1 ? args[1..] : ["q8_0", "q4_0", "q4_k", "q6_k", "f16"];
    switch (args)
    {
        case ["check", .. var rest]:
            return GpuCheck.Run(rest is [var backend] ? backend : KernelBackends.IlgpuCuda);
        case ["speed", ..]:
            GpuSpeed.Run([LlamaShape.Small, LlamaShape.Medium], formats);
            return 0;
        case ["rows", ..]:
            GpuRows.Run(Console.Out, formats);
            return 0;
        default:
            Console.Error.WriteLine(
                """
                usage: dotnet run -c Release --project bench/Gpu -- COMMAND
                  check [BACKEND]    every kernel of a device (ilgpu-cuda) against the vector units, bit for bit
                  speed [FORMAT…]    decode and prompt speed of two models on a CUDA device, with the share of its bandwidth
                  rows [FORMAT…]     a table of kernel times and watts of a CUDA device, as CSV
                """
            );
            return 2;
    }
}
catch (InputException e)
{
    Console.Error.WriteLine($"bench: {e.Message}");
    return 2;
}
