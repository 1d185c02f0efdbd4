using System.CommandLine;
using System.Globalization;
using NUnit.Framework;
using TaalasSim.Cli.Options;

namespace TaalasSim.Cli.Tests.Options;

/// <summary>Numbers on the command line: every numeric option of every command takes its range and refuses the rest.</summary>
[Category("Smoke")]
public sealed class NumberOptionTests
{
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    private static IEnumerable<(Command Command, Option Option)> All() =>
        CommandLine.Root().Subcommands.SelectMany(c => c.Options.Select(o => (c, o)));

    private static IEnumerable<TestCaseData> Numeric() =>
        All().Where(x => x.Option is INumberOption).Select(x => new TestCaseData(x.Command.Name, x.Option.Name));

    [Test]
    public void Every_option_with_a_number_states_its_range()
    {
        Type[] numbers =
        [
            typeof(int),
            typeof(long),
            typeof(float),
            typeof(double),
            typeof(int?),
            typeof(long?),
            typeof(float?),
            typeof(double?),
        ];
        Assert.That(
            All()
                .Where(x => numbers.Contains(x.Option.ValueType) && x.Option is not INumberOption)
                .Select(x => $"{x.Command.Name} {x.Option.Name}"),
            Is.Empty
        );
    }

    [TestCaseSource(nameof(Numeric))]
    public void A_number_outside_the_range_or_no_number_is_refused_by_name(string command, string option)
    {
        var range = Range(command, option);
        string[] words =
        [
            "x",
            "NaN",
            "nan",
            "Infinity",
            "-inf",
            "∞",
            "0,5",
            "1,000",
            "1 000",
            "1_000",
            "0x10",
            "1e",
            "--1",
            "+",
            "1.2.3",
            "½",
            "٣",
            "1f",
        ];
        string[] outside =
        [
            Text(range.Low - 1),
            Text(range.High + 1),
            Text(range.High * 1e6),
            "1e999",
            "-1e999",
            "99999999999999999999999",
        ];
        string[] fractions = range.Whole ? ["1.5", "1e3", "2.0"] : [];
        string[] edge = range.AboveLow ? [Text(range.Low)] : [];
        Assert.Multiple(() =>
        {
            foreach (var bad in words.Concat(outside.Where(t => !IsAlso(range, t))).Concat(fractions).Concat(edge))
                Assert.That(Errors(command, option, bad), Has.Some.Contains(option), $"{command} {option} '{bad}'");
        });
    }

    [TestCaseSource(nameof(Numeric))]
    public void The_ends_of_the_range_are_taken(string command, string option)
    {
        var range = Range(command, option);
        IEnumerable<double> good = range.AboveLow ? [range.High] : [range.Low, range.High];
        if (range.Also is { } also)
            good = good.Append(also);
        Assert.Multiple(() =>
        {
            foreach (var number in good)
                Assert.That(Errors(command, option, Text(number)), Is.Empty, $"{command} {option} {number}");
        });
    }

    [TestCase("run", "--temp", "0.8", ExpectedResult = 0.8f)]
    [TestCase("run", "--temp", ".5", ExpectedResult = 0.5f)]
    [TestCase("run", "--temp", "1e-3", ExpectedResult = 0.001f)]
    [TestCase("run", "--temp", "+2", ExpectedResult = 2f)]
    public object? A_number_is_read_in_any_culture_with_a_point(string command, string option, string text)
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("")
            {
                NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = "." },
            };
            var root = CommandLine.Root();
            return root.Parse([command, "x.chip", option, text], Parsing)
                .GetValue((Option<float>)root.Subcommands.First(c => c.Name == command).Options.First(o => o.Name == option));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static NumberRange Range(string command, string option) =>
        ((INumberOption)All().First(x => x.Command.Name == command && x.Option.Name == option).Option).Range;

    private static string[] Errors(string command, string option, string value) =>
        [
            .. CommandLine
                .Root()
                .Parse([command, $"{option}={value}", .. command == "compile" ? ["-o", "x.chip"] : Array.Empty<string>()], Parsing)
                .Errors.Select(e => e.Message)
                // Arguments and options that the command needs besides are missing here.
                .Where(message => !message.StartsWith("Required argument '", StringComparison.Ordinal))
                .Where(message => !message.StartsWith("Option '", StringComparison.Ordinal)),
        ];

    private static bool IsAlso(NumberRange range, string text) => range.Also is { } also && text == Text(also);

    private static string Text(double number) =>
        number.ToString(Math.Abs(number) >= 1e15 ? "F0" : "0.#######", CultureInfo.InvariantCulture);
}
