using System.Text.RegularExpressions;
using NUnit.Framework;

namespace TaalasSim.Architecture.Tests;

/// <summary>Projects, and the folders inside them, refer in one direction: the flow of docs/layout.md.</summary>
[Category("Smoke")]
public partial class FlowTests
{
    /// <summary>Each project with the projects it may use. Nothing refers to Training.</summary>
    private static readonly Dictionary<string, string[]> Projects = new(StringComparer.Ordinal)
    {
        ["ChipModel"] = [],
        ["Compiler"] = ["ChipModel"],
        ["Runtime"] = ["ChipModel", "Compiler"],
        ["Native"] = ["ChipModel", "Compiler", "Runtime"],
        ["Reports"] = ["ChipModel", "Compiler", "Runtime"],
        ["Server"] = ["ChipModel", "Compiler", "Runtime"],
        ["Cli"] = ["ChipModel", "Compiler", "Runtime", "Reports", "Server"],
        ["Browser"] = ["ChipModel", "Compiler", "Reports"],
        ["Training"] = ["ChipModel", "Compiler"],
    };

    /// <summary>Folders of each project in the order of the flow: a folder may use those before it. <c>.</c> is the project's
    /// root.</summary>
    private static readonly Dictionary<string, string[]> Flow = new(StringComparer.Ordinal)
    {
        ["ChipModel"] =
        [
            "Units",
            "Languages",
            "Files",
            "Signatures",
            "Technology",
            "Formats",
            "BankStyles",
            "Fabric",
            "Chip",
            "MaskLayers",
            "Timing",
            "Area",
            "Power",
            "Yield",
            "Cost",
            "Figures",
            "Evaluation",
            "Gpu",
        ],
        ["Compiler"] =
        [
            "Gguf",
            "Gguf/Rewrite",
            "Safetensors",
            "TimesFm",
            "Hub",
            "Adapters",
            "Tokenizer",
            "Tokenizer/ChatTemplates",
            "Graph",
            "Import",
            "Conversion",
            "Placement",
            "Quantize",
            "MaskFill",
            "Fit",
            "Steps",
            "Export",
            "Export/Masks",
            "Export/Rtl",
        ],
        ["Runtime"] =
        [
            ".",
            "Kernels/Contract",
            "Kernels/Scalar",
            "Kernels/Cpu",
            "Kernels/FabricNumerics",
            "Kernels/Gpu",
            "Kernels/Select",
            "Functional",
            "Forecast",
            "Decode",
            "Decode/Grammars",
            "Engine",
            "Activity",
            "Card/Protocol",
            "Card/Link",
            "Card/Faults",
            "Card/Core",
            "Card/Device",
            "Host/Driver",
            "Host/Campaign",
            "Host/Remote",
            "Host/Generate",
            "Host/Daemon",
            "Quality",
            "Rtl",
        ],
        ["Native"] = ["."],
        ["Browser"] = ["."],
        ["Reports"] =
        [
            "Provenance",
            "Compare",
            "Costs",
            "Workbooks",
            "Changes",
            "Formulas",
            "Sampling",
            "Traces",
            "Sweeps",
            "Advice",
            "Charts",
            "Validation",
            "Pages",
            "Live",
        ],
        ["Server"] = ["Settings", "Tools", "Requests", "Telemetry", "Slots", "Answers", "Endpoints", "."],
        ["Cli"] = ["Terminal", "Options", "Commands", "."],
        ["Training"] = ["Corpus", "Tokenizer", "Numerics", "Model", "Optimise", "Run", "Export", "."],
    };

    [Test]
    public void Every_project_is_in_the_flow_and_refers_to_lower_ones_alone()
    {
        var projects = Checkout.Files("src", "*.csproj").ToDictionary(path => Path.GetFileNameWithoutExtension(path)!);
        Assert.That(projects.Keys, Is.EquivalentTo(Projects.Keys));
        Assert.That(Flow.Keys, Is.EquivalentTo(Projects.Keys));
        Assert.Multiple(() =>
        {
            foreach (var (name, path) in projects)
            foreach (Match reference in ProjectReference().Matches(File.ReadAllText(path)))
                Assert.That(Projects[name], Does.Contain(reference.Groups[1].Value), $"{Checkout.Relative(path)}: {reference.Value}");
        });
    }

    [Test]
    public void Every_folder_with_sources_is_in_the_flow_and_every_folder_of_the_flow_has_sources()
    {
        var declared = Flow.SelectMany(flow => flow.Value.Select(name => new Folder(flow.Key, name))).ToList();
        var folders = SourceTree.Current.Folders.ToList();
        Assert.Multiple(() =>
        {
            Assert.That(declared, Is.Unique);
            Rule.Holds("The flow declares every folder with sources", folders.Except(declared).Select(folder => folder.Path));
            Rule.Holds("Folders of the flow hold sources", declared.Except(folders).Select(folder => folder.Path));
        });
    }

    [Test]
    public void References_between_sources_are_found()
    {
        var references = SourceTree.Current.References;
        Assert.That(references, Has.Count.GreaterThan(1000), "a checker that finds nothing would pass everything");
    }

    [TestCaseSource(nameof(Flow))]
    public void No_folder_uses_one_after_it(KeyValuePair<string, string[]> flow)
    {
        var (project, order) = flow;
        var wrong = SourceTree
            .Current.References.Where(reference => reference.From.Folder.Project == project)
            .Where(reference =>
                reference.To.Project == project
                    ? Array.IndexOf(order, reference.To.Name) > Array.IndexOf(order, reference.From.Folder.Name)
                    : !Projects[project].Contains(reference.To.Project, StringComparer.Ordinal)
            )
            .Select(reference => reference.ToString());
        Rule.Holds("A folder uses those before it in the flow", wrong);
    }

    [Test]
    public void Only_the_command_line_writes_to_the_console()
    {
        var console = ConsoleUse();
        var wrong = SourceTree
            .Current.Files.Where(file => file.Folder.Project is not ("Cli" or "Training"))
            .Where(file => console.IsMatch(file.Syntax.ToString()))
            .Select(file => file.Path);
        Rule.Holds("Libraries return results; the command line prints", wrong);
    }

    [GeneratedRegex(@"<ProjectReference Include=""[^""]*?(\w+)\.csproj""")]
    private static partial Regex ProjectReference();

    [GeneratedRegex(@"\bConsole\.\w")]
    private static partial Regex ConsoleUse();
}
