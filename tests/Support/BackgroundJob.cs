using System.Globalization;
using NUnit.Framework;

namespace TaalasSim.Support;

/// <summary>What a shell does to what it starts in the background.</summary>
public static class BackgroundJob
{
    private const int Interrupt = 2;

    /// <summary>Skips a test of Ctrl-C where SIGINT is ignored: background jobs of a shell ignore it, and what they start.</summary>
    public static void SkipWhereInterruptIsIgnored()
    {
        var mask = File.ReadLines("/proc/self/status").First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim();
        if ((ulong.Parse(mask, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << (Interrupt - 1))) != 0)
            Assert.Ignore("background jobs of a shell ignore SIGINT, and so does what they start");
    }
}
