using System.Text;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Cli.Options;

/// <summary>Text of prompts and files. Tokens are made of characters, so that bytes which are no UTF-8 are refused.</summary>
internal static class PromptText
{
    /// <summary>Name of standard input in place of a file or a prompt.</summary>
    public const string StandardInput = "-";

    private const long MostBytes = 1 << 28;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Bytes of a file, or of standard input.</summary>
    /// <exception cref="InputException">No such file, or more than 256 MiB.</exception>
    public static byte[] Bytes(string path)
    {
        if (path == StandardInput)
        {
            using var input = Console.OpenStandardInput();
            return RegularFile.ReadBytes(input, Name(path), MostBytes, "a text");
        }

        if (Directory.Exists(path))
            throw new InputException($"{path}: is a folder; name a text file");
        if (!File.Exists(path))
            throw new InputException($"{path}: no such file");
        // A pipe may stand in place of a file, as in -f <(command); a device that never ends is cut off.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        return RegularFile.ReadBytes(stream, path, MostBytes, "a text");
    }

    /// <summary>Text of a file or of standard input, without the newline at its end, as llama.cpp reads prompts.</summary>
    /// <exception cref="InputException">No such file, or not UTF-8.</exception>
    public static string Prompt(string path)
    {
        var text = Decode(Bytes(path), Name(path));
        return text.EndsWith('\n') ? text[..^1] : text;
    }

    /// <summary>Text of bytes.</summary>
    /// <param name="bytes">UTF-8.</param>
    /// <param name="source">Where they come from.</param>
    /// <exception cref="InputException">Not UTF-8; the message names the first bad byte.</exception>
    public static string Decode(byte[] bytes, string source)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            var at = Math.Clamp(e.Index, 0, bytes.Length - 1);
            var line = 1 + bytes.AsSpan(0, at).Count((byte)'\n');
            throw new InputException(
                $"{source}: byte {at} (0x{bytes[at]:x2}, line {line}) is not UTF-8 text; convert it, for example with iconv -t UTF-8",
                e
            );
        }
    }

    /// <summary>Checks a prompt of the command line, whose bytes the runtime has already made characters.</summary>
    /// <exception cref="InputException">The bytes were not UTF-8.</exception>
    public static string Argument(string option, string text)
    {
        // The replacement character may be meant; the arguments as bytes tell.
        const string Arguments = "/proc/self/cmdline";
        if (text.Contains('\uFFFD', StringComparison.Ordinal) && File.Exists(Arguments))
            _ = Decode(File.ReadAllBytes(Arguments), option);
        return text;
    }

    /// <summary>Name for messages.</summary>
    public static string Name(string path) => path == StandardInput ? "standard input" : path;
}
