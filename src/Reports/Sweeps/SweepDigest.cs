using System.Security.Cryptography;
using System.Text;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Digest of a sweep and its inputs.</summary>
public static class SweepDigest
{
    /// <summary>SHA-256, lower-case hexadecimal.</summary>
    public static string Of(SweepSpec spec, IReadOnlyList<string> inputs)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Lengths keep two inputs from reading as one.
        foreach (var text in inputs.Prepend(YamlText.Write(spec)))
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes((long)bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
