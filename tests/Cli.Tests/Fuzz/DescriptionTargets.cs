using System.Text;
using TaalasSim.Cli.Commands;
using TaalasSim.Compiler.Steps;
using TaalasSim.Reports.Compare;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Fuzz;

/// <summary>Descriptions in YAML and tables of measurements.</summary>
internal static class DescriptionTargets
{
    private const int Seeds = 6;

    private static readonly string[] Words =
    [
        "base: hc1",
        "{ value: 1, low: 0, high: 2 }",
        "- ",
        "&a ",
        "*a",
        "!!int ",
        "bank:",
        "network:",
        "~",
        "[[[[",
        "{{{{",
        "<<: ",
        "? ",
        "%YAML 1.1",
        "---\n",
    ];

    public static FuzzTarget Of(TemporaryFolder folder, string kind, params string[][] commands) => Yaml(Files(kind), input =>
        {
            // The program keeps descriptions that it has read, by their names.
            var file = folder.File($"{Guid.NewGuid():N}.yaml", input);
            var answer = FuzzAnswer.Of([.. FuzzTarget.Choose(input, commands), file]);
            File.Delete(file);
            return answer;
        });

    /// <summary>A description that is found by its name alone: a copy of <c>chips/</c> holds it in the place of a shipped one, and a
    /// comparison reads that.</summary>
    /// <param name="folder">Where the copy is made.</param>
    /// <param name="kind">Folder of chips.</param>
    /// <param name="name">The file whose place it takes.</param>
    public static FuzzTarget Shipped(TemporaryFolder folder, string kind, string name)
    {
        var chips = folder.File("chips");
        foreach (var file in Directory.GetFiles(Shared.InRepo("chips"), "*", SearchOption.AllDirectories))
            if (Path.GetExtension(file) is ".yaml" or ".csv")
            {
                var copy = Path.Combine(chips, Path.GetRelativePath(Shared.InRepo("chips"), file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }

        var place = Path.Combine(chips, kind, name);
        return Yaml([File.ReadAllBytes(place), .. Files(kind)], input =>
        {
            File.WriteAllBytes(place, input);
            return FuzzAnswer.Of(() =>
            {
                var library = new DesignLibrary(chips);
                _ = (library.HostLink("pcie"), library.Cooling("air"));
                using var model = library.Open("llama-3.2-1b", new CompileOptions { Fabric = library.Fabric("hc1"), Weights = "rom4" });
                CompareCommand.Print(BuildComparison.From(library, DesignLibrary.Place(model).Plan, ["h200"], 100, 100, users: 0));
            });
        });
    }

    public static FuzzTarget Sweep(TemporaryFolder folder) =>
        Yaml(
            [
                Encoding.UTF8.GetBytes(
                    "name: s\nmodel: llama-3.2-1b\nfabric: hc1\nservice: { input_tokens: 8, output_tokens: 4, users: 1 }\nvary:\n"
                        + "  - { field: fabric.bank.rows, values: [128, 256] }\n  - { field: fabric.clock_ghz, range: { from: 0.5, "
                        + "to: 1, steps: 2 } }\nmode: grid\nseed: 1\n"
                ),
                Encoding.UTF8.GetBytes(
                    "name: s\nmodel: llama-3.2-1b\nfabric: hc1\nservice: { input_tokens: 8, output_tokens: 4 }\nvary:\n"
                        + "  - { field: service.users, values: [1, 2] }\nmode: random\npoints: 3\nseed: 7\n"
                        + "constraints: [die_mm2 <= 815]\nobjectives: [{ minimize: watts }]\n"
                ),
            ],
            input =>
            {
                var target = folder.File("out");
                if (Directory.Exists(target))
                    Directory.Delete(target, recursive: true);
                return FuzzAnswer.Of("sweep", folder.File("x.yaml", input), "-o", target, "--draws", "20", "--threads", "1");
            }
        );

    public static FuzzTarget Measurements(TemporaryFolder folder)
    {
        var table = File.ReadAllLines(Shared.InRepo("chips/gpus/measurements/calibration.csv")).Take(6);
        return Yaml(
            [
                [0, .. Encoding.UTF8.GetBytes(string.Join('\n', table) + "\n")],
                [1, .. File.ReadAllBytes(Shared.InRepo("chips/measurements/silicon.yaml"))],
            ],
            input =>
            {
                var isTable = input.Length == 0 || input[0] % 2 == 0;
                var file = folder.File($"{Guid.NewGuid():N}.{(isTable ? "csv" : "yaml")}", input.AsSpan(Math.Min(1, input.Length)));
                return FuzzAnswer.Of("validate", isTable ? "gpu" : "silicon", "--measurements", file);
            }
        );
    }

    private static byte[][] Files(string kind) =>
        [
            .. Directory
                .GetFiles(Shared.InRepo("chips/" + kind), "*.yaml")
                .Order(StringComparer.Ordinal)
                .Take(Seeds)
                .Select(File.ReadAllBytes),
        ];

    private static FuzzTarget Yaml(byte[][] seeds, Func<byte[], FuzzAnswer> run) => new(seeds, run, IsText: true) { Words = Words };
}
