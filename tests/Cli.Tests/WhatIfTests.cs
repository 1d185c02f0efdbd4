using System.Text.RegularExpressions;
using NUnit.Framework;
using TaalasSim.Cli.Tests.Commands;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>docs/what-if.md, docs/traces.md and docs/advise.md show what their commands print.</summary>
[TestFixture]
[Category("Smoke")]
[NonParallelizable]
public sealed partial class WhatIfTests
{
    // Those that take more than a second or two, with TAALAS_TEST_ALL=1 alone.
    private static readonly string[] Long = ["banks.yaml", "dies.yaml", "watts.yaml"];

    private static IEnumerable<TestCaseData> Cases() => Of("docs/what-if.md").Concat(Of("docs/traces.md")).Concat(Of("docs/advise.md"));

    private static IEnumerable<TestCaseData> Of(string page) =>
        Block()
            .Matches(File.ReadAllText(Shared.InRepo(page)))
            .Select(m =>
                new TestCaseData(m.Groups["command"].Value, m.Groups["output"].Value).SetArgDisplayNames(m.Groups["command"].Value)
            );

    [Test]
    public void There_are_six_questions() => Assert.That(Of("docs/what-if.md").Count(), Is.EqualTo(6));

    [TestCaseSource(nameof(Cases))]
    public void A_command_prints_what_the_page_shows(string command, string output)
    {
        if (!Shared.All && Array.Exists(Long, command.Contains))
            Assert.Ignore("set TAALAS_TEST_ALL=1 to run it");
        using var folder = new TemporaryFolder();
        var arguments = command
            .Split(' ')
            .Select(a =>
                a.StartsWith("out/", StringComparison.Ordinal) ? folder.File(a["out/".Length..])
                : a.StartsWith("chips/", StringComparison.Ordinal) ? Shared.InRepo(a)
                : a
            )
            .ToArray();
        var run = Invocation.Run(arguments);
        Assert.Multiple(() =>
        {
            Assert.That(run.Code, Is.Zero, run.Error);
            Assert.That(run.Output.Replace(folder.Path, "out", StringComparison.Ordinal), Is.EqualTo(output));
        });
    }

    [GeneratedRegex(
        @"```console\n\$ \./taalas (?<command>[^\n]+)\n(?<output>.*?)```",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Block();
}
