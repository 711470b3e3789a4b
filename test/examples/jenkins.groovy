// Runs a declarative Jenkinsfile as Jenkins would on one agent, and prints what happened as JSON. Jenkins itself and its
// own parser come from no package registry; the sections below are those of its "Pipeline Syntax" page.
//   java -cp groovy.jar:groovy-json.jar groovy.ui.GroovyMain jenkins.groovy JENKINSFILE WORKSPACE
import groovy.json.JsonOutput

class Run {
    static final Map<String, List<String>> SECTIONS = [
        pipeline: ['agent', 'environment', 'options', 'parameters', 'tools', 'triggers', 'stages', 'post'],
        agent: ['label', 'docker', 'kubernetes', 'node'],
        options: ['timeout', 'disableConcurrentBuilds', 'buildDiscarder', 'timestamps', 'retry', 'skipDefaultCheckout'],
        triggers: ['cron', 'pollSCM', 'upstream'],
        parameters: ['string', 'booleanParam', 'choice', 'text', 'password'],
        stages: ['stage'],
        stage: ['agent', 'environment', 'options', 'when', 'tools', 'steps', 'stages', 'parallel', 'post'],
        steps: ['sh', 'echo', 'error', 'junit', 'archiveArtifacts', 'unstable', 'dir', 'withEnv'],
        post: ['always', 'changed', 'fixed', 'regression', 'aborted', 'failure', 'success', 'unstable', 'cleanup'],
        always: ['sh', 'echo', 'junit', 'archiveArtifacts'],
    ]
    static final Set<String> ENTERED = ['agent', 'environment', 'options', 'parameters', 'triggers', 'stages', 'stage',
        'steps', 'post', 'always'] as Set

    final File workspace
    final Map<String, String> environment = [:]
    final List<Map> steps = []
    final Set<String> seen = [] as Set
    String result = 'SUCCESS'

    Run(File workspace) { this.workspace = workspace }

    void enter(String section, Closure body) {
        seen << section
        body.delegate = new Section(run: this, name: section)
        body.resolveStrategy = Closure.DELEGATE_ONLY
        body.call()
    }

    Object step(String name, List arguments) {
        if (result != 'SUCCESS' && !(name in ['junit', 'archiveArtifacts', 'echo'])) return null
        steps << [step: name, arguments: arguments]
        if (name == 'sh') {
            String script = arguments[0] instanceof Map ? arguments[0].script : arguments[0]
            ProcessBuilder builder = new ProcessBuilder('sh', '-e', '-c', script).directory(workspace).redirectErrorStream(true)
            builder.environment().putAll(environment)
            Process process = builder.start()
            process.outputStream.close()
            steps.last().output = process.inputStream.text
            steps.last().status = process.waitFor()
            if (steps.last().status != 0) result = 'FAILURE'
        }
        return null
    }
}

class Section {
    Run run
    String name

    def methodMissing(String method, Object given) {
        List arguments = given as List
        if (!Run.SECTIONS[name]?.contains(method)) {
            throw new IllegalArgumentException("${name} { ${method} }: not allowed here; expected ${Run.SECTIONS[name]}")
        }
        if (arguments && arguments.last() instanceof Closure) {
            if (!Run.ENTERED.contains(method)) throw new IllegalArgumentException("${method} is not run by this")
            run.enter(method, arguments.last() as Closure)
            return null
        }
        if (name == 'parameters') run.environment[arguments[0].name as String] = arguments[0].defaultValue as String
        if (name in ['steps', 'always']) return run.step(method, arguments)
        return null
    }

    // logRotator(...) is an argument of an option.
    def logRotator(Map arguments) { return arguments }

    void setProperty(String key, Object value) {
        if (key in ['run', 'name']) metaClass.setProperty(this, key, value)
        else if (name == 'environment') run.environment[key] = value as String
        else throw new IllegalArgumentException("${key} = …: only environment { } takes values")
    }
}

abstract class PipelineScript extends Script {
    Run pipelineRun
    void pipeline(Closure body) {
        pipelineRun = new Run(new File(binding.getVariable('workspace') as String))
        pipelineRun.enter('pipeline', body)
        for (String needed in ['agent', 'stages']) {
            if (!(needed in pipelineRun.seen)) throw new IllegalArgumentException("pipeline has no ${needed} section")
        }
    }
}

def configuration = new org.codehaus.groovy.control.CompilerConfiguration(scriptBaseClass: PipelineScript.name)
def shell = new GroovyShell(this.class.classLoader, new Binding(workspace: args[1]), configuration)
PipelineScript script = shell.parse(new File(args[0])) as PipelineScript
script.run()
Run run = script.pipelineRun
println JsonOutput.toJson([result: run.result, steps: run.steps, environment: run.environment])
