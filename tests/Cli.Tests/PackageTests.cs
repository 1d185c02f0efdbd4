using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NUnit.Framework;
using TaalasSim.Cli.Tests.Commands;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>What is handed on holds what it needs: the tool, the libraries, the one file, container and services.</summary>
[Category("Smoke")]
public partial class PackageTests
{
    private static readonly string[] Libraries = ["ChipModel", "Compiler", "Runtime", "Reports", "Server"];

    private static string Version => XDocument.Load(Shared.InRepo("Directory.Build.props")).Descendants("Version").Single().Value;

    private static (int Code, string Text) Dotnet(string folder, params string[] arguments) => Run("dotnet", folder, arguments);

    private static (int Code, string Text) Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    [Test]
    public void The_version_has_one_place_and_every_project_that_is_packed_says_what_it_is()
    {
        Assert.That(Version, Does.Match(@"^\d+\.\d+\.\d+$"));
        var projects = Directory.GetFiles(Shared.InRepo("src"), "*.csproj", SearchOption.AllDirectories);
        Assert.Multiple(() =>
        {
            foreach (var path in projects)
            {
                var (name, project) = (Path.GetFileNameWithoutExtension(path), XDocument.Load(path));
                Assert.That(project.Descendants("Version"), Is.Empty, name);
                var packed = project.Descendants("IsPackable").Any(e => e.Value == "true");
                Assert.That(packed, Is.EqualTo(name == "Cli" || Libraries.Contains(name)), name);
                Assert.That(project.Descendants("Description").Count(), Is.EqualTo(packed ? 1 : 0), name);
            }
        });
    }

    [Test]
    public void The_tool_takes_every_description_along()
    {
        var (code, text) = Dotnet(
            Shared.Root,
            "msbuild",
            Shared.InRepo("src/Cli/Cli.csproj"),
            "-p:Packaging=true",
            "-getItem:Content",
            "-getProperty:PackageId",
            "-getProperty:ToolCommandName",
            "-getProperty:Version"
        );
        Assert.That(code, Is.Zero, text);
        using var said = JsonDocument.Parse(text);
        var content = said.RootElement.GetProperty("Items").GetProperty("Content").EnumerateArray();
        var taken = content.Select(c => c.GetProperty("Link").GetString());
        var files = Directory.GetFiles(Shared.InRepo("chips"), "*", SearchOption.AllDirectories);
        var properties = said.RootElement.GetProperty("Properties");
        Assert.Multiple(() =>
        {
            Assert.That(taken, Is.EquivalentTo(files.Select(f => Path.GetRelativePath(Shared.Root, f))));
            Assert.That(properties.GetProperty("PackageId").GetString(), Is.EqualTo("taalas"));
            Assert.That(properties.GetProperty("ToolCommandName").GetString(), Is.EqualTo("taalas"));
            Assert.That(properties.GetProperty("Version").GetString(), Is.EqualTo(Version));
        });
    }

    [Test]
    public void The_container_copies_what_publish_writes_and_runs_without_privileges()
    {
        var lines = File.ReadAllLines(Shared.InRepo("packaging/Containerfile")).Where(l => l.Length > 0 && l[0] != '#').ToList();
        IEnumerable<string> Of(string word) => lines.Where(l => l.StartsWith(word + " ", StringComparison.Ordinal));
        Assert.Multiple(() =>
        {
            Assert.That(lines[0], Does.StartWith("FROM debian:"));
            Assert.That(lines, Has.All.Match(@"^(FROM|RUN|COPY|ENV|USER|WORKDIR|EXPOSE|ENTRYPOINT|CMD) \S"));
            Assert.That(Of("COPY"), Is.EqualTo(new[] { "COPY taalas-cli /usr/local/bin/taalas" }));
            Assert.That(lines.IndexOf("USER taalas"), Is.InRange(1, lines.IndexOf(Of("ENTRYPOINT").Single())));
        });
    }

    [TestCase("taalas-card@.service", "device", "start")]
    [TestCase("taalas-serve@.service", "serve")]
    public void A_service_starts_a_command_with_options_that_it_has(string unit, params string[] command)
    {
        var path = Shared.InRepo("packaging/systemd/" + unit);
        var text = File.ReadAllText(path);
        var start = Start().Match(text).Groups["words"].Value;
        Assert.That(start, Does.StartWith(string.Join(' ', command)));
        var help = Invocation.Run([.. command, "--help"]).Output;
        Assert.Multiple(() =>
        {
            foreach (var option in start.Split(' ').Where(w => w.StartsWith("--", StringComparison.Ordinal)))
                Assert.That(help, Does.Contain(option + " ").Or.Contain(option + "\n"), option);
        });
        Tools.Need("systemd-analyze");
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(Shared.InRepo("packaging/systemd")))
        {
            var there = File.ReadAllText(file).Replace("/usr/local/bin/taalas", "/bin/true", StringComparison.Ordinal);
            folder.Write(Path.GetFileName(file), there);
        }
        var (code, said) = Run("systemd-analyze", folder.Path, "verify", folder.File(unit));
        Assert.That(code, Is.Zero, said);
        Assert.That(said, Is.Empty);
    }

    [Test]
    public void The_tool_is_installed_from_a_local_feed_and_runs_the_demo_away_from_the_checkout()
    {
        if (!Shared.All)
            Assert.Ignore("takes minutes; ./test --all runs it");
        using var folder = new TemporaryFolder();
        var feed = folder.File("feed");
        Pack("Cli", feed);
        var sources = $"<packageSources><clear/><add key=\"local\" value=\"{feed}\"/></packageSources>";
        folder.Write("nuget.config", $"<configuration>{sources}</configuration>");
        string[] from = ["--tool-path", folder.File("tools"), "--configfile", folder.File("nuget.config"), "--no-cache"];
        var (code, text) = Dotnet(folder.Path, ["tool", "install", "taalas", .. from]);
        Assert.That(code, Is.Zero, text);
        Demo(folder.File("tools/taalas"), folder.Path);
    }

    [Test]
    public void The_one_file_runs_the_demo_away_from_the_checkout()
    {
        if (!Shared.All)
            Assert.Ignore("takes minutes; ./test --all runs it");
        using var folder = new TemporaryFolder();
        var (code, text) = Dotnet(
            Shared.Root,
            [
                "publish",
                "src/Cli",
                "-c",
                "Release",
                "-v",
                "q",
                "-p:Packaging=true",
                "-r",
                "linux-x64",
                "--self-contained",
                "-p:PublishSingleFile=true",
                "-o",
                folder.File("single"),
            ]
        );
        Assert.That(code, Is.Zero, text);
        Demo(folder.File("single/taalas-cli"), folder.Path);
    }

    [TestCaseSource(nameof(Libraries))]
    public void A_library_package_has_readme_licence_comments_and_symbols(string project)
    {
        if (!Shared.All)
            Assert.Ignore("takes minutes; ./test --all runs it");
        using var folder = new TemporaryFolder();
        Pack(project, folder.Path);
        var name = $"TaalasSim.{project}.{Version}";
        using var package = ZipFile.OpenRead(folder.File(name + ".nupkg"));
        using var symbols = ZipFile.OpenRead(folder.File(name + ".snupkg"));
        var entries = package.Entries.Select(e => e.FullName).ToList();
        using var nuspec = package.GetEntry($"TaalasSim.{project}.nuspec")!.Open();
        var metadata = XDocument.Load(nuspec).Root!.Elements().Single();
        string Value(string key) => metadata.Elements().Single(e => e.Name.LocalName == key).Value;
        using var symbol = new StreamReader(symbols.Entries.Single(e => e.Name.EndsWith(".pdb", StringComparison.Ordinal)).Open());
        Assert.Multiple(() =>
        {
            var library = $"lib/net10.0/TaalasSim.{project}";
            Assert.That(entries, Is.SupersetOf(new[] { library + ".dll", library + ".xml", "README.md", "NOTICE" }));
            Assert.That(Value("version"), Is.EqualTo(Version));
            Assert.That(Value("license"), Is.EqualTo("MIT"));
            Assert.That(Value("readme"), Is.EqualTo("README.md"));
            Assert.That(symbol.ReadToEnd(), Does.Not.Contain(Shared.Root), "where it was built");
        });
    }

    private static void Pack(string project, string feed)
    {
        var (code, text) = Dotnet(Shared.Root, "pack", $"src/{project}", "-c", "Release", "-v", "q", "-p:Packaging=true", "-o", feed);
        Assert.That(code, Is.Zero, text);
    }

    private static void Demo(string program, string folder)
    {
        var (code, text) = Run(program, Directory.CreateDirectory(Path.Combine(folder, "away")).FullName, "demo");
        Assert.That(code, Is.Zero, text);
        Assert.That(text, Does.Contain("Report: out/demo/report.html"));
        Assert.That(Run(program, folder, "--version").Text.Trim(), Is.EqualTo("TaalasSim " + Version));
    }

    [GeneratedRegex(@"^ExecStart=/usr/local/bin/taalas (?<words>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Start();
}
