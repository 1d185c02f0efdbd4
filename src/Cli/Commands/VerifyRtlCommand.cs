using System.CommandLine;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Quantities;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Export;

namespace TaalasSim.Cli.Commands;

/// <summary><c>verify-rtl CHIP</c>: the Verilog of a chip's banks, built and run with Verilator, against the fabric's arithmetic and timing.</summary>
internal static class VerifyRtlCommand
{
    public static Command Create()
    {
        var chip = new Argument<string>("CHIP") { Description = "Folder of a chip image." };
        var port = new Option<string?>("--port") { Description = "Matrix port; default: the first in a fabric format.", HelpName = "TENSOR" };
        var segment = new Option<int>("--segment") { Description = "Output segment of the port.", HelpName = "N" };
        var vectors = new Option<int>("--vectors") { Description = "Activation vectors to run.", DefaultValueFactory = _ => 3, HelpName = "N" };
        var random = new Option<int>("--random") { Description = "Random bank configurations to run as well.", HelpName = "N" };
        var seed = new Option<int>("--seed") { Description = "Seed of activations and configurations.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var synth = new Option<string?>("--synth") { Description = "Map a bank with yosys on this Liberty file and print cells, area and longest path against the clock.", HelpName = "LIBERTY" };
        var json = CommonOptions.Json();
        var command = new Command("verify-rtl", "Run the Verilog of a chip's banks and reduction tree in Verilator; every sum and its cycle must agree. Example: ./taalas verify-rtl stories.chip --port blk.0.ffn_down.weight") { chip, port, segment, vectors, random, seed, synth, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var count = parsed.GetValue(vectors);
            var more = parsed.GetValue(random);
            if (count is < 1 or > 1000 || more is < 0 or > 100_000)
                throw new InputException($"--vectors {count} --random {more}: use 1…1000 vectors and 0…100000 configurations");
            using var image = MaskImage.Open(parsed.GetRequiredValue(chip), cancel);
            var plan = ExportCommand.Port(image, parsed.GetValue(port));
            if (parsed.GetValue(segment) < 0 || parsed.GetValue(segment) >= plan.OutputSegments)
                throw new InputException($"--segment {parsed.GetValue(segment)}: port {plan.Tensor} has segments 0…{plan.OutputSegments - 1}");
            var own = RtlCase.FromChip(image, plan.Tensor, parsed.GetValue(segment), parsed.GetValue(seed), count);
            List<RtlCase> cases = [own, .. RtlCheck.RandomConfigs(more, parsed.GetValue(seed)).Select((c, i) => RtlCase.Random(c, i + 1))];
            RtlCheckResult result;
            SynthesisReport? synthesis = null;
            using (var line = new ProgressLine())
            {
                line.Show("Build with Verilator and run");
                result = await RtlCheck.RunAsync(cases, cancel).ConfigureAwait(false);
                if (parsed.GetValue(synth) is { } liberty)
                {
                    line.Show("Map with yosys");
                    synthesis = await SynthesizeBank.RunAsync(own.Config, liberty, cancel).ConfigureAwait(false);
                }
            }

            var agrees = result.Faults.Count == 0;
            if (parsed.GetValue(json))
            {
                Json.Write(new { Agrees = agrees, plan.Tensor, result.Cases, result.Vectors, result.Sums, result.Saturated, LatencyCycles = own.Config.LatencyCycles, result.Faults, Synthesis = synthesis });
                return agrees ? ExitCode.Done : ExitCode.No;
            }

            Console.Out.WriteLine(agrees
                ? $"{plan.Tensor}: {NumberText.Count(result.Sums)} sums of {result.Vectors} vectors in {result.Cases} configuration(s) agree bit for bit, each at the cycle expected ({own.Config.LatencyCycles} for the port)"
                : $"{plan.Tensor}: {result.Faults.Count} disagreements");
            foreach (var fault in result.Faults.Take(10))
                Console.Out.WriteLine($"  {fault}");
            if (synthesis is not null)
            {
                double ghz = image.Fabric.ClockGhz;
                Console.Out.WriteLine($"  synthesised bank without ROM and register file: {NumberText.Count(synthesis.Cells)} cells, {NumberText.Significant(synthesis.AreaUm2)} µm²"
                    + $" (a column {NumberText.Significant(synthesis.ColumnAreaUm2)}, a scale unit {NumberText.Significant(synthesis.ScaleUnitAreaUm2)}, products {NumberText.Significant(synthesis.ProductsAreaUm2)})");
                Console.Out.WriteLine($"  longest path: {synthesis.LongestPathGates} gates, in {synthesis.LongestPathModule}; the clock of {NumberText.Significant(ghz)} GHz leaves {NumberText.Significant(1000 / ghz / synthesis.LongestPathGates)} ps a gate");
            }

            return agrees ? ExitCode.Done : ExitCode.No;
        });
        return command;
    }
}
