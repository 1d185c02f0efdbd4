using TaalasSim.Bench.Engine;
using TaalasSim.Bench.Kernels;

if (args is ["engine", ..])
{
    EngineSpeed.Run(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 7);
    return;
}

var threads = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 2;
KernelSpeed.Run(threads, args.Length > 1 ? args[1..] : ["q8_0", "q4_0", "q4_k", "q6_k", "f16"]);
