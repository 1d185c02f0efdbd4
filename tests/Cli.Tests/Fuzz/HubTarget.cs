using System.Text;
using System.Text.Json.Nodes;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Fuzz;

/// <summary>Answers of a Hub: the first byte says which of them the input is.</summary>
internal static class HubTarget
{
    private const string Model = "tiny-Q8_0.gguf";

    private static readonly string[] Variables = ["HF_ENDPOINT", "HF_HOME", "HF_TOKEN", "HF_HUB_CACHE", "HF_HUB_OFFLINE", "MODEL_ENDPOINT"];

    public static FuzzTarget Create(TemporaryFolder folder)
    {
        var hub = new FakeHub();
        hub.Files[Model] = File.ReadAllBytes(ModelTargets.Tiny(folder));
        string[] parts = ["/api/models/a/b/revision/", "/api/models/a/b/tree/"];
        var listed = new JsonArray(
            new JsonObject
            {
                ["type"] = "file",
                ["path"] = Model,
                ["size"] = hub.Files[Model].Length,
                ["oid"] = FakeHub.GitId(hub.Files[Model]),
                ["lfs"] = new JsonObject { ["oid"] = FakeHub.Sha256(hub.Files[Model]), ["size"] = hub.Files[Model].Length },
            }
        );
        return new FuzzTarget(
            [
                [0, .. Encoding.UTF8.GetBytes($"{{\"sha\":\"{FakeHub.Commit}\",\"id\":\"a/b\"}}")],
                [1, .. Encoding.UTF8.GetBytes(listed.ToJsonString())],
            ],
            input =>
            {
                var part = parts[input.Length == 0 ? 0 : input[0] % parts.Length];
                var body = Encoding.Latin1.GetString(input.AsSpan(Math.Min(1, input.Length)));
                hub.Interfere = (request, response) =>
                    request.Path.StartsWith(part, StringComparison.Ordinal) && FakeHub.Answer(response, 200, body);
                return Pull(hub, folder.File("home"));
            },
            IsText: true
        )
        {
            Words = ["../", "\"lfs\":", "null", "\"path\":", "\\u0000", "directory"],
        };
    }

    private static FuzzAnswer Pull(FakeHub hub, string home)
    {
        var before = Variables.Select(Environment.GetEnvironmentVariable).ToArray();
        if (Directory.Exists(home))
            Directory.Delete(home, recursive: true);
        try
        {
            foreach (var name in Variables)
                Environment.SetEnvironmentVariable(name, null);
            Environment.SetEnvironmentVariable("HF_ENDPOINT", hub.Endpoint);
            Environment.SetEnvironmentVariable("HF_HOME", home);
            return FuzzAnswer.Of("pull", "hf:a/b");
        }
        finally
        {
            for (var i = 0; i < Variables.Length; i++)
                Environment.SetEnvironmentVariable(Variables[i], before[i]);
        }
    }
}
