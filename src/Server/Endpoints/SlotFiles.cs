using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using TaalasSim.ChipModel.Files;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Settings;
using TaalasSim.Server.Slots;

namespace TaalasSim.Server.Endpoints;

/// <summary>
/// Saves, restores and erases slots. A file holds the tokens of a slot; restoring evaluates them again on the chip. Its header is that of
/// llama.cpp's sequence files, and both forms of its token list are read.
/// </summary>
internal sealed class SlotFiles(SlotScheduler slots, ServerOptions options)
{
    private const uint Magic = 0x67677371;
    private const uint Version = 3;
    private const int HeaderBytes = 12;
    private const int LargestFile = 1 << 26;

    /// <summary><c>POST /slots/ID?action=save|restore|erase</c>.</summary>
    public async Task Act(HttpContext http, string name)
    {
        if (options.SlotSavePath is null)
            throw RequestException.NotSupported("This server does not support slots action. Start it with `--slot-save-path`");
        if (!int.TryParse(name, System.Globalization.NumberStyles.None, null, out var id))
            throw RequestException.Invalid("Invalid slot ID");
        var started = Stopwatch.GetTimestamp();
        double Elapsed() => Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        switch (http.Request.Query["action"].ToString())
        {
            case "save":
                var path = await PathOf(http).ConfigureAwait(false);
                var tokens = await slots.Tokens(id).ConfigureAwait(false);
                var bytes = Write(tokens);
                AtomicFile.Write(path, file => file.Write(bytes));
                await Reply(http, id, path, ("n_saved", tokens.Length), ("n_written", bytes.Length), "save_ms", Elapsed())
                    .ConfigureAwait(false);
                break;
            case "restore":
                var source = await PathOf(http).ConfigureAwait(false);
                var restored = Read(source, out var length);
                await slots.Fill(id, restored).ConfigureAwait(false);
                await Reply(http, id, source, ("n_restored", restored.Length), ("n_read", length), "restore_ms", Elapsed())
                    .ConfigureAwait(false);
                break;
            case "erase":
                var erased = (await slots.Tokens(id).ConfigureAwait(false)).Length;
                await slots.Fill(id, []).ConfigureAwait(false);
                await Responder.Json(http, new JsonObject { ["id_slot"] = id, ["n_erased"] = erased }).ConfigureAwait(false);
                break;
            default:
                throw RequestException.Invalid("Invalid action");
        }
    }

    private static Task Reply(
        HttpContext http,
        int id,
        string path,
        (string Name, int Value) tokens,
        (string Name, int Value) bytes,
        string time,
        double ms
    ) =>
        Responder.Json(
            http,
            new JsonObject
            {
                ["id_slot"] = id,
                ["filename"] = Path.GetFileName(path),
                [tokens.Name] = tokens.Value,
                [bytes.Name] = bytes.Value,
                ["timings"] = new JsonObject { [time] = ms },
            }
        );

    // A name without folders, inside the folder that the server was started with.
    private async Task<string> PathOf(HttpContext http)
    {
        var name = (await Responder.Read(http).ConfigureAwait(false)).Text("filename", "");
        if (name.Length == 0 || name.Length > 200 || name is "." or ".." || name.Any(c => char.IsControl(c) || c is '/' or '\\' or ':'))
            throw RequestException.Invalid("Invalid filename");
        return Path.Combine(options.SlotSavePath!, name);
    }

    private static byte[] Write(int[] tokens)
    {
        uint[] head = [Magic, Version, (uint)tokens.Length + 3, uint.MaxValue, 1, (uint)tokens.Length];
        var bytes = new byte[(head.Length + tokens.Length) * 4];
        for (var i = 0; i < head.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * 4), head[i]);
        for (var i = 0; i < tokens.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan((head.Length + i) * 4), tokens[i]);
        return bytes;
    }

    private static int[] Read(string path, out int length)
    {
        var info = new FileInfo(path);
        if (!info.Exists || info.Length is < HeaderBytes or > LargestFile)
            throw RequestException.Invalid("Unable to restore slot, no available space in KV cache or invalid slot save file");
        var bytes = File.ReadAllBytes(path);
        length = bytes.Length;
        uint Word(int i) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(i * 4));
        var count = Word(2);
        if (Word(0) != Magic || Word(1) != Version || count > (bytes.Length - HeaderBytes) / 4)
            throw RequestException.Invalid("Unable to restore slot, no available space in KV cache or invalid slot save file");
        var first = 3;
        // A list that begins with "no token" carries a version and a count.
        if (count >= 3 && Word(3) == uint.MaxValue)
        {
            if (Word(5) != count - 3)
                throw RequestException.Invalid("Unable to restore slot, no available space in KV cache or invalid slot save file");
            (first, count) = (6, count - 3);
        }
        return [.. Enumerable.Range(first, (int)count).Select(i => unchecked((int)Word(i)))];
    }
}
