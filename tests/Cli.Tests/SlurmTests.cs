using System.Diagnostics;
using System.Runtime.Versioning;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>A sweep as a job array of a real Slurm with one node, which the test starts and ends.</summary>
[TestFixture]
[Category("Slow")]
[NonParallelizable]
[UnsupportedOSPlatform("windows")]
public sealed class SlurmTests
{
    private readonly List<int> _started = [];
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Start()
    {
        if (!Shared.All)
            Assert.Ignore("set TAALAS_TEST_ALL=1 to run it");
        foreach (var program in new[] { "munged", "slurmctld", "slurmd", "sbatch" })
            if (!Tools.Has(program))
                Assert.Ignore($"needs {program} (apt-get install slurm-wlm munge)");
        if (!Environment.IsPrivilegedProcess)
            Assert.Ignore("needs root, whom Slurm's daemons run as");
        _folder = new TemporaryFolder();
        foreach (var name in new[] { "state", "spool", "munge" })
            Directory.CreateDirectory(_folder.File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var host = Environment.MachineName.Split('.')[0];
        var key = new byte[1024];
        new Random(1).NextBytes(key);
        File.WriteAllBytes(_folder.File("munge/key"), key);
        File.SetUnixFileMode(_folder.File("munge/key"), UnixFileMode.UserRead);
        File.WriteAllText(_folder.File("slurm.conf"), Configuration(host));
        Environment.SetEnvironmentVariable("SLURM_CONF", _folder.File("slurm.conf"));
        Daemon(
            "munged.pid",
            "munged",
            "--force",
            $"--key-file={_folder.File("munge/key")}",
            $"--socket={_folder.File("munge.sock")}",
            $"--pid-file={_folder.File("munged.pid")}",
            $"--log-file={_folder.File("munged.log")}",
            $"--seed-file={_folder.File("munge/seed")}"
        );
        Daemon("slurmctld.pid", "slurmctld", "-c");
        Daemon("slurmd.pid", "slurmd");
        Until(() => Run("sinfo", "-h", "-o", "%t").Output.StartsWith("idle", StringComparison.Ordinal), "the node is idle");
    }

    [TearDown]
    public void Stop()
    {
        if (_folder is null)
            return;
        foreach (var id in Enumerable.Reverse(_started))
            Process.GetProcessById(id).Kill(entireProcessTree: true);
        Environment.SetEnvironmentVariable("SLURM_CONF", null);
        _folder.Dispose();
    }

    [Test]
    public void A_job_array_with_a_lost_task_becomes_the_undisturbed_table()
    {
        var spec = _folder.File("it's a sweep.yaml");
        File.Copy(Shared.InRepo("chips/sweeps/kv-users.yaml"), spec);
        var (parts, whole) = (_folder.File("parts"), _folder.File("whole"));
        string[] submit = ["sweep", spec, "-o", parts, "--draws", "20", "--submit", "slurm", "--shards", "3"];
        var first = Taalas.Run(submit);
        Assert.That(first.ExitCode, Is.Zero, first.Error);
        Assert.That(first.Out, Does.Contain("3 of 3 shards"));
        var job = first.Out.Split("job ")[1].Split(',')[0];
        Assert.That(Run("scancel", $"{job}_2").Code, Is.Zero);
        Until(Idle, "the array has ended");
        var collected = Taalas.Run("sweep", "collect", spec, "-o", parts, "--draws", "20");
        Assert.That(collected.ExitCode, Is.EqualTo(1));
        Assert.That(collected.Out, Does.Contain("3 points are missing"));
        var second = Taalas.Run(submit);
        Assert.That(second.Out, Does.Contain("1 of 3 shards"));
        Until(Idle, "the lost task has run");
        Assert.That(Taalas.Run(submit).Out, Does.Contain("all 3 shards are there"));
        var log = File.ReadAllText(Path.Combine(parts, "shards", "task-2.log"));
        Assert.That(Taalas.Run("sweep", "collect", spec, "-o", parts, "--draws", "20").ExitCode, Is.Zero, log);
        Assert.That(Taalas.Run("sweep", spec, "-o", whole, "--draws", "20").ExitCode, Is.Zero);
        foreach (var table in new[] { "sweep.csv", "sweep.parquet" })
            Assert.That(File.ReadAllBytes(Path.Combine(parts, table)), Is.EqualTo(File.ReadAllBytes(Path.Combine(whole, table))), table);
    }

    private string Configuration(string host) =>
        $"""
            ClusterName=taalas
            SlurmctldHost={host}(127.0.0.1)
            SlurmUser=root
            SlurmdUser=root
            AuthType=auth/munge
            AuthInfo=socket={_folder.File("munge.sock")}
            CredType=cred/munge
            SlurmctldPort=16817
            SlurmdPort=16818
            StateSaveLocation={_folder.File("state")}
            SlurmdSpoolDir={_folder.File("spool")}
            SlurmctldPidFile={_folder.File("slurmctld.pid")}
            SlurmdPidFile={_folder.File("slurmd.pid")}
            SlurmctldLogFile={_folder.File("slurmctld.log")}
            SlurmdLogFile={_folder.File("slurmd.log")}
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SwitchType=switch/none
            MpiDefault=none
            ReturnToService=2
            SelectType=select/cons_tres
            JobAcctGatherType=jobacct_gather/none
            AccountingStorageType=accounting_storage/none
            NodeName={host} NodeAddr=127.0.0.1 CPUs=1 State=UNKNOWN
            PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP

            """;

    private static bool Idle() => Run("squeue", "-h").Output.Trim().Length == 0;

    private void Daemon(string pid, string program, params string[] arguments)
    {
        var (code, _, error) = Run(program, arguments);
        Assert.That(code, Is.Zero, $"{program}: {error}");
        Until(() => File.Exists(_folder.File(pid)) && File.ReadAllText(_folder.File(pid)).Trim().Length > 0, $"{program} runs");
        _started.Add(int.Parse(File.ReadAllText(_folder.File(pid)).Trim(), System.Globalization.CultureInfo.InvariantCulture));
    }

    private static (int Code, string Output, string Error) Run(string program, params string[] arguments)
    {
        // Daemons keep the streams of whoever starts them, so what they say goes to a file.
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var log = Path.GetTempFileName();
        foreach (var argument in new[] { "-c", $"exec \"$@\" 2>'{log}'" + (program.EndsWith('d') ? " >/dev/null" : ""), "sh", program })
            start.ArgumentList.Add(argument);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = program.EndsWith('d') ? "" : process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var error = File.ReadAllText(log);
        File.Delete(log);
        return (process.ExitCode, output, error);
    }

    private void Until(Func<bool> holds, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!holds())
        {
            if (watch.Elapsed > TimeSpan.FromMinutes(2))
                Assert.Fail($"not within two minutes: {what}");
            Thread.Sleep(200);
        }
    }
}
