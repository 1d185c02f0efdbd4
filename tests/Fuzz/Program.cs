using System.Text;
using SharpFuzz;
using TaalasSim.Cli.Tests.Fuzz;
using TaalasSim.Support;

// The program that afl-fuzz drives: tests/Fuzz/run starts both.
return args switch
{
    ["names"] => Names(),
    ["seeds", var name, var folder] => Seeds(name, folder),
    ["try", var name, .. var files] => Try(name, files),
    ["run", var name] => Run(name),
    _ => Help(),
};

static int Names()
{
    foreach (var name in FuzzTargets.Names)
        Console.WriteLine(name);
    return 0;
}

// Good inputs as files, and their words as a dictionary beside the folder.
static int Seeds(string name, string folder)
{
    using var files = new TemporaryFolder();
    var target = FuzzTargets.Create(name, files);
    Directory.CreateDirectory(folder);
    foreach (var (i, seed) in target.Seeds.Index())
        File.WriteAllBytes(Path.Combine(folder, $"seed-{i}"), seed);
    File.WriteAllLines(folder + ".dict", target.Words.Select((word, i) => $"word_{i}=\"{Escaped(word)}\""));
    return 0;
}

static string Escaped(string word) =>
    string.Concat(Encoding.UTF8.GetBytes(word).Select(b => b is < 0x20 or > 0x7e or (byte)'"' or (byte)'\\' ? $"\\x{b:x2}" : $"{(char)b}"));

// One input after the other, as after a find.
static int Try(string name, string[] inputs)
{
    using var files = new TemporaryFolder();
    var campaign = new FuzzCampaign(name, FuzzTargets.Create(name, files));
    foreach (var input in inputs)
        campaign.Try(File.ReadAllBytes(input), input);
    Console.WriteLine(campaign.Summary);
    return 0;
}

static int Run(string name)
{
    using var files = new TemporaryFolder();
    FuzzCampaign? campaign = null;
    Fuzzer.Run(stream =>
    {
        // Instrumented code runs only where afl-fuzz has set up its memory: here.
        campaign ??= new FuzzCampaign(name, FuzzTargets.Create(name, files));
        using var input = new MemoryStream();
        stream.CopyTo(input);
        campaign.Try(input.ToArray(), "input of afl-fuzz");
    });
    return 0;
}

static int Help()
{
    Console.Error.WriteLine("names | seeds NAME FOLDER | run NAME | try NAME FILE…");
    return 2;
}
