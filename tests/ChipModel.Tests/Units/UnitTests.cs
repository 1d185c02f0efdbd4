using System.Text.RegularExpressions;
using NUnit.Framework;
using TaalasSim.ChipModel.Units;
using TaalasSim.Support;

namespace TaalasSim.ChipModel.Tests.Units;

[Category("Smoke")]
public sealed class UnitTests
{
    private static readonly Type[] Types = [typeof(Watts), typeof(Seconds), typeof(Joules), typeof(Mm2), typeof(Usd), typeof(Hertz)];

    [TestCase(0, "month", ExpectedResult = "0 months")]
    [TestCase(1, "month", ExpectedResult = "1 month")]
    [TestCase(2, "month", ExpectedResult = "2 months")]
    public string One_thing_is_in_the_singular(int count, string noun) => NumberText.Counted(count, noun);

    [Test]
    public void Watts_times_seconds_are_joules_and_back() =>
        Assert.Multiple(() =>
        {
            Assert.That(new Watts(225) * new Seconds(2), Is.EqualTo(new Joules(450)));
            Assert.That(new Joules(450) / new Seconds(2), Is.EqualTo(new Watts(225)));
        });

    [TestCaseSource(nameof(Types))]
    public void A_unit_adds_to_nothing_but_itself_and_converts_from_nothing(Type unit) =>
        Assert.Multiple(() =>
        {
            foreach (var sum in unit.GetMethods().Where(m => m.Name is "op_Addition" or "op_Subtraction"))
                Assert.That(sum.GetParameters().Select(p => p.ParameterType), Is.All.EqualTo(unit));
            Assert.That(unit.GetMethods().Select(m => m.Name), Has.None.EqualTo("op_Implicit"));
        });

    [TestCaseSource(nameof(Types))]
    public void A_unit_is_used_outside_its_folder(Type unit)
    {
        var units = Path.Combine("src", "ChipModel", "Units");
        var uses = Directory
            .EnumerateFiles(Shared.InRepo("src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains(units, StringComparison.Ordinal) && !f.Contains("/obj/", StringComparison.Ordinal))
            .Count(f => Regex.IsMatch(File.ReadAllText(f), $@"\b{unit.Name} [A-Z]\w* (\{{|=>)|\b{unit.Name} \w+[,)]"));
        Assert.That(uses, Is.Positive, $"no property, method or parameter has the type {unit.Name}");
    }

    [TestCase(0.0132, "J", "13.2 mJ")]
    [TestCase(1.36, "J", "1.36 J")]
    [TestCase(18.6e-6, "s", "18.6 µs")]
    [TestCase(0, "J", "0 J")]
    [TestCase(985.4, "users", "985 users")]
    [TestCase(1, "users", "1 user")]
    [TestCase(1024, "tokens", "1,024 tokens")]
    [TestCase(17042, "tok/s", "17,000 tokens/s")]
    [TestCase(815, "mm2", "815 mm²")]
    [TestCase(0.519, "fraction", "0.519")]
    [TestCase(0.00942, "USD/Mtok", "0.00942 USD")]
    [TestCase(168e6, "bytes", "168 MB")]
    public void People_read_prefixes_for_energies_and_whole_numbers_for_counts(double value, string unit, string expected) =>
        Assert.That(MeasureText.Of(value, unit), Is.EqualTo(expected));

    [Test]
    public void An_interval_shares_the_scale_of_its_value() =>
        Assert.Multiple(() =>
        {
            Assert.That(MeasureText.Of(new UncertaintyRange(0.0132, 0.0121, 0.0158), "J"), Is.EqualTo("13.2 (12.1 – 15.8) mJ"));
            Assert.That(MeasureText.Of(UncertaintyRange.Exact(0.5), "J"), Is.EqualTo("500 mJ"));
            Assert.That(MeasureText.Of(new UncertaintyRange(60, 59, 61), "dies"), Is.EqualTo("60 (59 – 61) dies"));
        });
}
