{{- define "kid.fullname" -}}{{ .Release.Name }}-{{ .Chart.Name }}{{- end -}}
