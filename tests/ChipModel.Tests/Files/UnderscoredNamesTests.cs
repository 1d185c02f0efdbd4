using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using YamlDotNet.Serialization.NamingConventions;

namespace TaalasSim.ChipModel.Tests.Files;

/// <summary>Names of YAML keys.</summary>
[TestFixture]
[Category("Smoke")]
internal sealed class UnderscoredNamesTests
{
    /// <summary>Every name that a description can have: properties and enum values of the chip model.</summary>
    private static string[] Names { get; } =
    [
        .. typeof(UnderscoredNames)
            .Assembly.GetTypes()
            .Where(t => t.IsPublic)
            .SelectMany(t => t.IsEnum ? Enum.GetNames(t) : t.GetProperties().Select(p => p.Name))
            // Names of formats, such as Q8_0, are no keys: they have their underscore already.
            .Where(name => !name.Contains('_'))
            .Distinct(StringComparer.Ordinal),
    ];

    [Test]
    public void Every_name_is_the_one_that_the_library_would_give()
    {
        Assert.That(Names, Has.Length.GreaterThan(200));
        Assert.Multiple(() =>
        {
            foreach (var name in Names)
            {
                var key = UnderscoredNamingConvention.Instance.Apply(name);
                Assert.That(UnderscoredNames.Instance.Apply(name), Is.EqualTo(key), name);
                Assert.That(UnderscoredNames.Instance.Reverse(key), Is.EqualTo(UnderscoredNamingConvention.Instance.Reverse(key)), key);
            }
        });
    }
}
