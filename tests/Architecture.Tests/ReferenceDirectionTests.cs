using ArchUnitNET.Fluent;
using ArchUnitNET.Loader;
using ArchUnitNET.NUnit;
using NUnit.Framework;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace TaalasSim.Architecture.Tests;

/// <summary>Projects and the folders inside them refer in one direction: the flow of docs/layout.md.</summary>
[Category("Smoke")]
public class ReferenceDirectionTests
{
    private static readonly ArchUnitNET.Domain.Architecture Program = new ArchLoader()
        .LoadAssemblies(
            typeof(ChipModel.Chip.ChipPlan).Assembly,
            typeof(Compiler.Graph.ModelGraph).Assembly,
            typeof(Runtime.Kernels.Contract.IKernelSet).Assembly,
            typeof(Reports.Compare.ComparisonReport).Assembly,
            typeof(Cli.CommandLine).Assembly
        )
        .Build();

    private static readonly string[] Projects = ["ChipModel", "Compiler", "Runtime", "Reports", "Cli"];

    /// <summary>Folders of each project in the order of the flow; a folder may use those before it. Folders in one entry may use each
    /// other.</summary>
    private static readonly (string Project, string[] Folders)[] Flows =
    [
        (
            "ChipModel",
            [
                "Quantities",
                "Files",
                "Technology",
                "Fabric",
                "Chip",
                "MaskLayers",
                "Timing",
                "Area",
                "Power",
                "Yield",
                "Cost",
                "Evaluation",
                "Gpu",
            ]
        ),
        ("Compiler", ["Gguf", "Adapters", "Tokenizer", "Graph", "Import", "Placement", "Quantize", "MaskFill", "Fit", "Steps"]),
        ("Reports", ["Provenance", "Compare", "Costs", "Changes", "Sweeps", "Charts", "Validation", "Pages"]),
    ];

    private static IEnumerable<TestCaseData> ProjectPairs() =>
        from lower in Enumerable.Range(0, Projects.Length)
        from higher in Enumerable.Range(lower + 1, Projects.Length - lower - 1)
        select new TestCaseData(Projects[lower], Projects[higher]);

    private static IEnumerable<TestCaseData> FolderPairs() =>
        from flow in Flows
        from lower in Enumerable.Range(0, flow.Folders.Length)
        from higher in Enumerable.Range(lower + 1, flow.Folders.Length - lower - 1)
        select new TestCaseData($"{flow.Project}.{flow.Folders[lower]}", $"{flow.Project}.{flow.Folders[higher]}");

    [TestCaseSource(nameof(ProjectPairs))]
    public void A_lower_project_does_not_use_a_higher_one(string lower, string higher) => Check(lower, higher);

    [TestCaseSource(nameof(FolderPairs))]
    public void A_folder_does_not_use_one_after_it(string lower, string higher) => Check(lower, higher);

    [Test]
    public void Only_the_command_line_writes_to_the_console()
    {
        IArchRule rule = Types()
            .That()
            .ResideInNamespaceMatching(@"^TaalasSim\.(ChipModel|Compiler|Runtime|Reports)(\.|$)")
            .Should()
            .NotDependOnAny(Types().That().HaveFullName("System.Console"))
            .Because("libraries return results");
        rule.Check(Program);
    }

    private static void Check(string lower, string higher)
    {
        IArchRule rule = Types()
            .That()
            .ResideInNamespaceMatching(Pattern(lower))
            .Should()
            .NotDependOnAny(Types().That().ResideInNamespaceMatching(Pattern(higher)))
            .WithoutRequiringPositiveResults();
        rule.Check(Program);
    }

    private static string Pattern(string name) => $@"^TaalasSim\.{name.Replace(".", @"\.")}(\.|$)";
}
