using System.Security.Cryptography;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Chip;

/// <summary>The folder of a chip image: names, digests, reading and writing. <c>chip.sha256</c> is the digest of chip.yaml, which lists
/// those of the other files.</summary>
public static class ChipDirectory
{
    /// <summary>The description: everything but mask bits, as a <see cref="ChipDescription"/>.</summary>
    public const string DescriptionName = OutputTarget.ImageDescription;

    /// <summary>SHA-256 of the description, in the form that sha256sum reads.</summary>
    public const string DigestName = OutputTarget.ImageDigest;

    /// <summary>Signature of chip.yaml; not every image has one.</summary>
    public const string SignatureName = "chip.sig";

    private const string FormatFamily = "taalassim-chip/";

    /// <summary>The weights layer: codes of all banks and the vector ROM.</summary>
    public const string WeightsName = "weights.mask";

    /// <summary>The dataflow layer: straps of every site.</summary>
    public const string DataflowName = "dataflow.mask";

    /// <summary>The tokenizer, so that a chip needs no model file.</summary>
    public const string TokenizerName = "tokenizer.json";

    /// <summary>Contents of the SRAM that holds adapters; only images with adapters have it.</summary>
    public const string AdaptersName = "adapters.sram";

    /// <summary>Refuses to replace anything but a chip image: a folder in which every entry is one of the image's files.</summary>
    /// <returns>Names of the entries; none when there is no such folder.</returns>
    /// <exception cref="InputException">The target is a file or link, lies in a chip image, or holds something else.</exception>
    public static IReadOnlyCollection<string> CheckTarget(string target)
    {
        var full = OutputTarget.OfFolderOrImage(target);
        try
        {
            return Directory.Exists(full) ? Entries(full, target) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{target}: cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static IReadOnlyCollection<string> Entries(string folder, string target)
    {
        var found = new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal).ToList();
        if (found.Count == 0)
            return [];
        var listed = Listed(folder);
        if (listed is null)
            throw new InputException($"{target}: is a folder with other files in it; name a new folder or an old chip image");
        if (found.Find(e => e is not FileInfo { LinkTarget: null } || !listed.Contains(e.Name)) is { } other)
            throw new InputException(
                $"{target}: holds '{other.Name}', which is no part of the chip image; move it away, or name another folder"
            );
        return [.. found.Select(e => e.Name)];
    }

    // Names that chip.yaml gives to the files beside it; null when it is no chip.yaml.
    private static HashSet<string>? Listed(string folder)
    {
        try
        {
            var names = YamlReader.Names(Path.Combine(folder, DescriptionName), "format", "files");
            if (!names.Any(n => n.StartsWith(FormatFamily, StringComparison.Ordinal)))
                return null;
            return [.. names, DescriptionName, DigestName, SignatureName];
        }
        catch (InputException)
        {
            return null;
        }
    }

    /// <summary>Writes an image under a temporary name and exchanges it with the old one, which survives until then.</summary>
    /// <exception cref="InputException">The target is no chip image, or cannot be written.</exception>
    public static void Write(string target, Action<string> fill) => OutputFolder.Replace(target, CheckTarget, fill);

    /// <summary>Writes chip.yaml and its digest.</summary>
    public static void WriteDescription(string folder, ChipDescription description)
    {
        var text =
            "# Chip image: what stands on the fabric. Made by the compiler; chip.sha256 holds this file's digest.\n"
            + YamlText.Write(description);
        var path = Path.Combine(folder, DescriptionName);
        File.WriteAllText(path, text);
        File.WriteAllText(Path.Combine(folder, DigestName), $"{Digest(path)}  {DescriptionName}\n");
    }

    /// <summary>Size and digest of a file of the image.</summary>
    public static ImageFile Describe(string folder, string name, CancellationToken cancel = default)
    {
        var path = Path.Combine(folder, name);
        return new ImageFile
        {
            Name = name,
            Bytes = new FileInfo(path).Length,
            Sha256 = Digest(path, cancel),
        };
    }

    /// <summary>Reads chip.yaml after checking its digest.</summary>
    /// <exception cref="InputException">Not a chip image, or it was altered.</exception>
    public static ChipDescription ReadDescription(string folder)
    {
        var path = Path.Combine(folder, DescriptionName);
        if (!File.Exists(path))
            throw new InputException(
                $"{folder}: "
                    + (
                        (
                            File.Exists(folder) ? FileKind.Sentence(folder, "a chip image")
                            : Directory.Exists(folder) ? null
                            : "no such folder; make a chip image with 'taalas compile MODEL -o DIR'"
                        ) ?? $"not a chip image (no {DescriptionName}); make one with 'taalas compile MODEL -o DIR'"
                    )
            );
        RegularFile.Check(path, "the description of a chip image");
        var recorded = ReadDigest(Path.Combine(folder, DigestName));
        if (Digest(path) != recorded)
            throw new InputException($"{path}: digest does not match {DigestName}; the file was altered, compile the image again");
        var description = YamlReader.ReadImage<ChipDescription>(path);
        if (description.Format != ChipDescription.CurrentFormat)
            throw new InputException(
                $"{path}: format '{description.Format}' is not {ChipDescription.CurrentFormat}; compile the image again"
            );
        if (ImageRules.Fault(description) is { } fault)
            throw new InputException($"{path}: {fault}; compile the image again");
        return description;
    }

    /// <summary>Checks size and digest of a file of the image.</summary>
    /// <exception cref="InputException">It is missing, cut or altered.</exception>
    public static string Verify(string folder, ImageFile file, CancellationToken cancel = default)
    {
        var path = Find(folder, file);
        CheckDigest(path, file, Digest(path, cancel));
        return path;
    }

    /// <summary>Path of a file of the image, of which only the size was checked.</summary>
    /// <exception cref="InputException">It is missing or cut.</exception>
    public static string Find(string folder, ImageFile file)
    {
        if (file.Name != Path.GetFileName(file.Name) || file.Name.StartsWith('.'))
            throw new InputException($"{folder}: chip.yaml names the file '{file.Name}', which lies outside the image");
        var path = Path.Combine(folder, file.Name);
        var info = new FileInfo(path);
        if (!info.Exists)
            throw new InputException($"{path}: missing; compile the image again");
        if (info.LinkTarget is not null)
            throw new InputException($"{path}: is a link out of the image; copy the file itself");
        RegularFile.Check(path, "a file of a chip image");
        if (info.Length != file.Bytes)
            throw new InputException($"{path}: {info.Length} bytes where chip.yaml says {file.Bytes}; compile the image again");
        return path;
    }

    /// <summary>Compares a digest with the one that chip.yaml gives.</summary>
    /// <exception cref="InputException">They differ.</exception>
    public static void CheckDigest(string path, ImageFile file, string digest)
    {
        if (digest != file.Sha256)
            throw new InputException($"{path}: digest does not match chip.yaml; the file was altered, compile the image again");
    }

    /// <summary>SHA-256 of a file, lower-case hexadecimal.</summary>
    public static string Digest(string path, CancellationToken cancel = default) => Digest([path], cancel);

    /// <summary>SHA-256 of files one after another, lower-case hexadecimal.</summary>
    /// <exception cref="InputException">A file cannot be read.</exception>
    public static string Digest(IReadOnlyList<string> paths, CancellationToken cancel = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        foreach (var path in paths)
        {
            try
            {
                using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
                for (int n; (n = stream.Read(buffer)) > 0; )
                {
                    cancel.ThrowIfCancellationRequested();
                    hash.AppendData(buffer, 0, n);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new InputException($"{path}: cannot be read: {e.Message}", e);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string ReadDigest(string path)
    {
        if (!File.Exists(path))
            throw new InputException($"{path}: missing or not a digest; compile the image again");
        var text = RegularFile.ReadText(path, 1024, "a digest");
        return text.Length >= 64 ? text[..64] : "";
    }
}
