using NUnit.Framework;

namespace TaalasSim.Architecture.Tests;

/// <summary>What breaks a rule, one place a line.</summary>
internal static class Rule
{
    /// <summary>Fails with every place that breaks the rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="places">Places that break it.</param>
    public static void Holds(string rule, IEnumerable<string> places)
    {
        var broken = places.ToList();
        if (broken.Count > 0)
            Assert.Fail($"{rule}; broken by\n  {string.Join("\n  ", broken)}");
    }
}
